package dev.heddle.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A few compressors that nobody uses at the moment. Making one costs far more than a short message does, and each holds memory
 * outside of the heap: so connections without context share these, and only a handful lie idle.
 *
 * <p>Threads: any.
 */
final class SpareCodecs {

    private static final int MAX_IDLE = 8;

    private static final ArrayBlockingQueue<Deflater> DEFLATERS = new ArrayBlockingQueue<>(MAX_IDLE);
    private static final ArrayBlockingQueue<Inflater> INFLATERS = new ArrayBlockingQueue<>(MAX_IDLE);

    private SpareCodecs() {}

    /** A fresh compressor of raw deflate. */
    static Deflater deflater(int level) {
        Deflater spare = DEFLATERS.poll();
        if (spare == null) {
            return new Deflater(level, true);
        }
        spare.setLevel(level);
        return spare;
    }

    static void give(Deflater deflater) {
        deflater.reset();
        if (!DEFLATERS.offer(deflater)) {
            deflater.end();
        }
    }

    /** A fresh decompressor of raw deflate. */
    static Inflater inflater() {
        Inflater spare = INFLATERS.poll();
        return spare == null ? new Inflater(true) : spare;
    }

    static void give(Inflater inflater) {
        inflater.reset();
        if (!INFLATERS.offer(inflater)) {
            inflater.end();
        }
    }
}
