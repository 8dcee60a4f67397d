package dev.heddle.process.shared;

import dev.heddle.Backoff;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.internal.Supervised;
import dev.heddle.net.Listener;
import dev.heddle.net.Unix;
import dev.heddle.process.internal.PrivateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * The host of a manager: a loop with a daemon thread of its own, and a socket in a directory that nobody else may
 * enter.
 *
 * <p>Threads: any, but those of the loop.
 */
final class ManagerHost implements AutoCloseable {

    /** Calls of users' objects that ignore their cancel are left behind after it. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    /** Big values are copied in the loop, and it starts while the JVM may be starting too. */
    private static final Duration BLOCKED_AFTER = Duration.ofSeconds(1);

    private final PrivateDirectory directory;
    private final Loop loop;
    private final LocalManagerLink route;
    private final ManagerServer reception;
    private final Thread hook;
    private final Promise<Boolean> open = new Promise<>();
    private final Task<Void> main;

    /**
     * @param directory for the socket; this owns it from now on
     * @param where the manager, for people
     */
    ManagerHost(PrivateDirectory directory, ManagerOptions options, SharedObjects objects, byte[] secret,
            String where) {
        this.directory = directory;
        this.hook = new Thread(null, directory::close, "manager files", 0, false);
        this.loop = Loop.start(
                Config.DEFAULT.withName(options.name()).withSignals(false).withBlockedAfter(BLOCKED_AFTER)
                        .withShutdownTimeout(CLOSE_LIMIT));
        this.route = new LocalManagerLink(loop, objects, where);
        this.reception = new ManagerServer(options, objects, secret, where);
        this.main = loop.spawn(this::serve);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Makes a directory for one. */
    static PrivateDirectory makeDirectory() {
        try {
            return PrivateDirectory.make(PrivateDirectory.OF_A_MANAGER);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for the socket of a manager can be made", e);
        }
    }

    private void serve() {
        try (Listener listener = Unix.listen(directory.socket())) {
            route.during(() -> {
                open.complete(true);
                new Supervised("the server of a manager", Backoff.DEFAULT, _ -> false)
                        .run(() -> reception.serve(listener), () -> false);
            });
        } finally {
            directory.close();
            open.tryComplete(false);
        }
    }

    /** Whether the caller is a method of an object that lives here. */
    boolean isHere() {
        return Task.ofThread(Thread.currentThread()).filter(task -> task.loop() == loop).isPresent();
    }

    /**
     * Waits until it takes calls.
     *
     * @throws dev.heddle.net.ListenFailedException if there can be no socket
     */
    void awaitOpen() {
        if (!open.join()) {
            main.join();
        }
    }

    ManagerLink route() {
        return route;
    }

    int processes() {
        return reception.processes();
    }

    /** Ends all calls and connections, and takes the files away. Idempotent. */
    @Override
    public void close() {
        try {
            loop.close();
        } finally {
            route.end();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM ends too.
            }
        }
    }
}
