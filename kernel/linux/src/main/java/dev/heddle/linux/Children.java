package dev.heddle.linux;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.TaskFailedException;
import dev.heddle.engine.Child;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.SpawnRequest;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The child processes that one engine of Linux has started and that have not ended yet.
 *
 * <p>Threads: the engine's loop.
 */
final class Children {

    private final DescriptorEngine engine;
    private final Set<LinuxChild> running = new HashSet<>();
    private boolean asked;

    Children(DescriptorEngine engine) {
        this.engine = engine;
    }

    /** Whether the kernel and the C library are new enough; else the portable way is taken. Called in a task. */
    boolean canBeStarted() {
        if (!asked) {
            // Linking the functions takes long enough to hold the loop up.
            Heddle.offload(() -> Found.ALL);
            asked = true;
        }
        return Found.ALL;
    }

    private static final class Found {
        static final boolean ALL = PosixSpawn.isThere() && Pidfd.areThere();
    }

    Child spawn(SpawnRequest request) throws IOException {
        CancelScope.throwIfCancelled();
        Started started = offload(request);
        var child = new LinuxChild(started, request, this);
        boolean done = false;
        try {
            child.open(engine);
            running.add(child);
            done = true;
            return child;
        } finally {
            if (!done) {
                child.giveUp();
            }
        }
    }

    private static Started offload(SpawnRequest request) throws IOException {
        try {
            return Heddle.offload(() -> Started.start(request));
        } catch (TaskFailedException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    void ended(LinuxChild child) {
        running.remove(child);
    }

    /**
     * The loop ends. Children that nobody closed end too, and detached ones go on; a thread waits for them, so that
     * they leave nothing in the system.
     */
    void close() {
        for (LinuxChild child : running) {
            Thread.ofPlatform().daemon().name("heddle-reap " + child.pid()).start(child::reap);
        }
        running.clear();
    }
}
