package dev.heddle.process.internal.work;

import dev.heddle.process.CannotTravelException;
import dev.heddle.process.Format;
import dev.heddle.process.RemoteFailedException;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Duty;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Relayed;
import dev.heddle.process.internal.codec.UnreadableException;
import dev.heddle.process.internal.codec.Work;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of what is to be done elsewhere, and decoder of what is answered.
 *
 * <p>Threads: any.
 *
 * @param loader where classes come from that a child's class path lacks
 */
public record Marshaller(Codec codec, ClassLoader loader) {

    /** One that finds classes as the calling code does. */
    public static Marshaller of(int maxBytes, List<Class<? extends Format<?>>> formats) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return new Marshaller(
                new Codec(maxBytes, formats), context == null ? Marshaller.class.getClassLoader() : context);
    }

    /**
     * Encodes work. Where it is submitted, so that errors come to the submitter, and values are those of then.
     *
     * @throws CannotTravelException if it cannot travel
     * @throws dev.heddle.io.LimitExceededException if it is longer than may be
     */
    public Output encode(String root, Work work) {
        return encode(root, work, false);
    }

    /**
     * Encodes work, as {@link #encode(String, Work)}.
     *
     * @param borrow whether its long arrays are not copied, since who has it done waits for its end
     */
    public Output encode(String root, Work work, boolean borrow) {
        return codec.write(root, true, work, borrow);
    }

    /** What a child would do with work, and the parent with the result, done here. */
    public @Nullable Object doHere(Output work) throws Exception {
        return codec.decode(codec.encode("the result", false, copy(work).run()), 0, false, loader);
    }

    /** The answer that a child would give to a {@link Relayed}, done here. */
    public Frame relayHere(Output relayed) {
        Codec used = codec;
        Answer answer;
        try {
            Duty duty = Duty.of(codec, new Frame(MessageKind.RELAY, 0, relayed.toBytes()), loader);
            used = duty.codec();
            answer = Answer.ofResult(used, duty.body().call(), true);
        } catch (Throwable e) {
            answer = Answer.ofFailure(used, e);
        }
        return new Frame(answer.kind(), 0, answer.content().toBytes());
    }

    /** Work as a child gets it. */
    public Work copy(Output work) {
        return (Work) Objects.requireNonNull(codec.decode(work.toBytes(), 0, true, loader));
    }

    /**
     * Decodes an answer.
     *
     * @param child who gave it, for people
     * @return the result
     * @throws Throwable what the work threw, with the child's stack as its cause, or why there is no result
     */
    public @Nullable Object decode(Frame answer, String child) throws Throwable {
        try {
            return Answer.of(answer).open(child, codec, loader);
        } catch (UnreadableException e) {
            throw new RemoteFailedException("what " + child + " answered cannot be read: " + e.getMessage(), e);
        }
    }
}
