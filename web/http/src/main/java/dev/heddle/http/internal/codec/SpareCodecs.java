package dev.heddle.http.internal.codec;

import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The pool of compressors that nobody uses at the moment: a few. Making one costs far more than a short message does,
 * and each holds memory outside of the heap: so responses, and WebSockets without context, share these, and only a
 * handful lie idle.
 *
 * <p>They are kept by their level: it could be changed, but then the next call would compress nothing.
 *
 * <p>Threads: any.
 */
public final class SpareCodecs {

    /** Of each level, and of the decompressors. */
    private static final int MAX_IDLE = 8;

    /** By level and one, since the first level is -1, the usual one. */
    private static final List<LinkedBlockingDeque<Deflater>> DEFLATERS = IntStream
            .rangeClosed(Deflater.DEFAULT_COMPRESSION, Deflater.BEST_COMPRESSION)
            .mapToObj(level -> new LinkedBlockingDeque<Deflater>(MAX_IDLE))
            .toList();

    private static final LinkedBlockingDeque<Inflater> INFLATERS = new LinkedBlockingDeque<>(MAX_IDLE);

    private SpareCodecs() {}

    /** A fresh compressor of raw deflate. */
    public static Deflater deflater(int level) {
        Deflater spare = spares(level).pollFirst();
        return spare == null ? new Deflater(level, true) : spare;
    }

    public static void give(int level, Deflater deflater) {
        deflater.reset();
        if (!spares(level).offerFirst(deflater)) {
            deflater.end();
        }
    }

    private static LinkedBlockingDeque<Deflater> spares(int level) {
        return DEFLATERS.get(level - Deflater.DEFAULT_COMPRESSION);
    }

    /** How many compressors of a level lie idle. */
    public static int idleDeflaters(int level) {
        return spares(level).size();
    }

    /** A fresh decompressor of raw deflate. */
    public static Inflater inflater() {
        Inflater spare = INFLATERS.pollFirst();
        return spare == null ? new Inflater(true) : spare;
    }

    public static void give(Inflater inflater) {
        inflater.reset();
        if (!INFLATERS.offerFirst(inflater)) {
            inflater.end();
        }
    }
}
