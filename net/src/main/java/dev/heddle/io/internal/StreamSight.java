package dev.heddle.io.internal;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream at one moment, for those who only look: whoever reads or writes it does not notice. On its loop.
 *
 * @param unread bytes that have come and that nobody has taken
 */
public record StreamSight(int unread) {

    private static volatile @Nullable Function<Object, StreamSight> look;

    /** Has streams be looked at; called by their class, which this package does not know, before its first one. */
    public static <S> void install(Class<S> streams, Function<? super S, StreamSight> how) {
        look = stream -> how.apply(streams.cast(stream));
    }

    /** Looks at a stream; of a closed one, what was last. */
    public static StreamSight of(Object stream) {
        return Objects.requireNonNull(look, "no stream was made").apply(stream);
    }
}
