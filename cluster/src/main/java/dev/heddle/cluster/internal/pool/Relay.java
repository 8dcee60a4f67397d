package dev.heddle.cluster.internal.pool;

import dev.heddle.process.Format;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Encoded;
import dev.heddle.process.internal.codec.Setup;
import dev.heddle.process.internal.codec.Work;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The body in a worker of a node that does what came from another node. Nothing of it is decoded before, nor its answer
 * after: a node passes on bytes, so that the values of users touch their own process only.
 */
public final class Relay {

    /** Which try of a body this is, from 1; bound in it. */
    public static final ScopedValue<Integer> ATTEMPT = ScopedValue.newInstance();

    /** The node on which a body runs; bound in it. */
    public static final ScopedValue<String> NODE = ScopedValue.newInstance();

    /** One for each kind of pool that asks. */
    private static final ConcurrentHashMap<Key, Codec> CODECS = new ConcurrentHashMap<>();

    private record Key(int maxBytes, List<String> formats) {}

    private Relay() {}

    /**
     * Does it.
     *
     * @return the kind of its {@link Answer}, and the content
     */
    static List<Object> run(Encoded work, String node, int attempt, int maxBytes, List<String> formats) {
        ClassLoader loader = Objects.requireNonNullElse(
                Thread.currentThread().getContextClassLoader(), Relay.class.getClassLoader());
        Codec codec = CODECS.computeIfAbsent(new Key(maxBytes, formats), key -> codec(key, loader));
        Answer answer;
        try {
            answer = Answer.ofResult(codec, result(codec, work, node, attempt, loader), true);
        } catch (Throwable e) {
            answer = Answer.ofFailure(codec, e);
        }
        return List.of(answer.kind().name(), answer.content().toBytes());
    }

    private static @Nullable Object result(Codec codec, Encoded work, String node, int attempt, ClassLoader loader)
            throws Exception {
        var decoded = (Work) Objects.requireNonNull(work.decode(codec, true, loader));
        return ScopedValue.where(NODE, node).where(ATTEMPT, attempt).call(decoded::run);
    }

    private static Codec codec(Key key, ClassLoader loader) {
        return new Codec(key.maxBytes, key.formats.stream()
                .<Class<? extends Format<?>>>map(name -> Setup.format(name, loader))
                .toList());
    }
}
