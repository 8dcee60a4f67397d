package dev.heddle.io.internal;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.internal.Unclosed;
import dev.heddle.internal.sight.ConnectionSight;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The looks at streams from outside: whoever reads or writes one does not notice. On its loop. */
public final class StreamSight {

    private static volatile @Nullable Function<Object, ConnectionSight.Bytes> look;
    private static volatile @Nullable BiConsumer<Object, Loop> watch;

    private StreamSight() {}

    /** Has streams be looked at; called by their class, which this package does not know, before its first one. */
    public static <S> void install(
            Class<S> streams, Function<? super S, ConnectionSight.Bytes> how, BiConsumer<? super S, Loop> watching) {
        look = stream -> how.apply(streams.cast(stream));
        watch = (stream, loop) -> watching.accept(streams.cast(stream), loop);
    }

    /** Looks at a stream; of a closed one, what was last. */
    public static ConnectionSight.Bytes of(Object stream) {
        return Objects.requireNonNull(look, "no stream was made").apply(stream);
    }

    /** Has a stream be told and aborted that its user drops without closing it; gives the stream. */
    public static <S> S watched(S stream) {
        Loop loop = Heddle.currentLoop();
        if (Unclosed.watches(loop)) {
            Objects.requireNonNull(watch, "no stream was made").accept(stream, loop);
        }
        return stream;
    }
}
