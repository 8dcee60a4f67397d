package dev.heddle.io.internal;

import dev.heddle.io.ByteStream;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream at one moment, for those who only look: whoever reads or writes it does not notice. On its loop.
 *
 * @param unread bytes that have come and that nobody has taken
 */
public record StreamSight(int unread) {

    private static volatile @Nullable Function<ByteStream, StreamSight> look;

    /** Has streams be looked at; called by their class, before its first one. */
    public static void install(Function<ByteStream, StreamSight> how) {
        look = how;
    }

    /** Looks at a stream; of a closed one, what was last. */
    public static StreamSight of(ByteStream stream) {
        return Objects.requireNonNull(look, "no stream was made").apply(stream);
    }
}
