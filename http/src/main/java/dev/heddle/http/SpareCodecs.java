package dev.heddle.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A few compressors that nobody uses at the moment. Making one costs far more than a short message does, and each holds memory
 * outside of the heap: so responses, and WebSockets without context, share these, and only a handful lie idle.
 *
 * <p>Threads: any.
 */
final class SpareCodecs {

    private static final int MAX_IDLE = 8;

    private record Spare(int level, Deflater deflater) {}

    private static final ArrayBlockingQueue<Spare> DEFLATERS = new ArrayBlockingQueue<>(MAX_IDLE);
    private static final ArrayBlockingQueue<Inflater> INFLATERS = new ArrayBlockingQueue<>(MAX_IDLE);

    private SpareCodecs() {}

    /** A fresh compressor of raw deflate. */
    static Deflater deflater(int level) {
        Spare spare = DEFLATERS.poll();
        if (spare == null) {
            return new Deflater(level, true);
        }
        if (spare.level == level) {
            return spare.deflater;
        }
        // Its level could be changed, but then its next call would compress nothing.
        spare.deflater.end();
        return new Deflater(level, true);
    }

    static void give(int level, Deflater deflater) {
        deflater.reset();
        if (!DEFLATERS.offer(new Spare(level, deflater))) {
            deflater.end();
        }
    }

    /** How many compressors lie idle. */
    static int idleDeflaters() {
        return DEFLATERS.size();
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
