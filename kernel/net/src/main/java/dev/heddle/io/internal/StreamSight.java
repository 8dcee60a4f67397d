package dev.heddle.io.internal;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.engine.Transport;
import dev.heddle.internal.Unclosed;
import dev.heddle.internal.sight.ConnectionSight;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The looks at streams from outside: whoever reads or writes one does not notice. On its loop. */
public final class StreamSight {

    /**
     * What the class of streams shows.
     *
     * @param <S> that class, which this package does not know
     */
    public interface Access<S> {

        ConnectionSight.Bytes bytes(S stream);

        Transport transport(S stream);

        /** Has it told and aborted if it is dropped open. */
        void watch(S stream, Loop loop);

        /** Has it told with who opened what it takes the place of. */
        void watch(S stream, Unclosed before);

        @Nullable Unclosed watchOf(S stream);
    }

    private static volatile @Nullable Access<Object> access;

    private StreamSight() {}

    /** Has streams be looked at; called by their class before its first one. */
    @SuppressWarnings("unchecked") // there is one class of streams
    public static <S> void install(Access<S> streams) {
        access = (Access<Object>) streams;
    }

    private static Access<Object> streams() {
        return Objects.requireNonNull(access, "no stream was made");
    }

    /** Looks at a stream; of a closed one, what was last. */
    public static ConnectionSight.Bytes of(Object stream) {
        return streams().bytes(stream);
    }

    /** What is below a stream, for who asks it something and does not close it. */
    public static Transport transport(Object stream) {
        return streams().transport(stream);
    }

    /** Has a stream be told and aborted that its user drops without closing it; gives the stream. */
    public static <S> S watched(S stream) {
        Loop loop = Heddle.currentLoop();
        if (Unclosed.watches(loop)) {
            streams().watch(stream, loop);
        }
        return stream;
    }

    /** The watch over a stream; null if nobody watches, as where others close it. */
    public static @Nullable Unclosed watchOf(Object stream) {
        return streams().watchOf(stream);
    }

    /** Goes on with the watch over what a stream takes the place of, which has ended; gives the stream. */
    public static <S> S watchedAfter(@Nullable Unclosed before, S stream) {
        if (before != null) {
            streams().watch(stream, before);
        }
        return stream;
    }
}
