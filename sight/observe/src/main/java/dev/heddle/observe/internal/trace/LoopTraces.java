package dev.heddle.observe.internal.trace;

import dev.heddle.Loop;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.observe.internal.JsonLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rings that one user of them holds, and the traces made of them.
 *
 * <p>Threads: any.
 */
public final class LoopTraces implements AutoCloseable {

    private final List<LoopRing> rings = new ArrayList<>();
    private Runnable endListening = () -> {};
    private boolean closed;

    public LoopTraces(List<Loop> loops) {
        loops.forEach(this::add);
    }

    /** Those of all loops that live in real time, also of later ones. */
    static LoopTraces ofAll() {
        var traces = new LoopTraces(List.of());
        traces.endListening = Kernel.eachLoop(loop -> {
            if (!loop.engine().isSimulated()) {
                traces.dropEnded();
                traces.add(loop);
            }
        });
        return traces;
    }

    /** Records another loop too; does nothing if it is recorded, or this is closed. */
    synchronized void add(Loop loop) {
        if (!closed && rings.stream().noneMatch(ring -> ring.loop() == loop)) {
            rings.add(Rings.use(loop));
        }
    }

    /** Lets go of the loops that have ended. */
    private synchronized void dropEnded() {
        for (LoopRing ring : List.copyOf(rings)) {
            if (ring.loop().isClosed()) {
                rings.remove(ring);
                Rings.release(ring);
            }
        }
    }

    synchronized List<LoopRing> rings() {
        return List.copyOf(rings);
    }

    /** Writes to a file what the rings hold. */
    public void writeTo(Path file) throws IOException {
        try (var out = new TraceFile(file)) {
            var writer = new TraceWriter(new JsonLines(out), Long.MAX_VALUE);
            rings().forEach(writer::addPast);
            writer.end();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        endListening.run();
        rings.forEach(Rings::release);
        rings.clear();
    }
}
