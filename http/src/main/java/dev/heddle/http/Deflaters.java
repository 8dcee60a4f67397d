package dev.heddle.http;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/**
 * Encoders that are used again: a new one costs a quarter of a megabyte of native memory to get and to clear. A few for each loop;
 * those of a loop that has ended are freed with it.
 */
final class Deflaters {

    private static final int MAX_FREE = 4;

    private static final Map<Loop, ArrayDeque<Deflater>> FREE = new WeakHashMap<>();
    private static final ReentrantLock LOCK = new ReentrantLock();

    private Deflaters() {}

    /** An encoder of bare deflate (RFC 1951), to be given back by the same loop. */
    static Deflater take(int level) {
        Deflater deflater = free().pollLast();
        if (deflater == null) {
            return new Deflater(level, true);
        }
        deflater.setLevel(level);
        return deflater;
    }

    /** Takes an encoder back, in whatever state. */
    static void give(Deflater deflater) {
        ArrayDeque<Deflater> free = free();
        if (free.size() < MAX_FREE) {
            deflater.reset();
            free.addLast(deflater);
        } else {
            deflater.end();
        }
    }

    /** How many wait for their next use on this loop. */
    static int idle() {
        return free().size();
    }

    private static ArrayDeque<Deflater> free() {
        Loop loop = Heddle.currentLoop();
        LOCK.lock();
        try {
            return FREE.computeIfAbsent(loop, l -> new ArrayDeque<>(MAX_FREE));
        } finally {
            LOCK.unlock();
        }
    }
}
