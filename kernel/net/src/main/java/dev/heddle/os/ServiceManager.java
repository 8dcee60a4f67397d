package dev.heddle.os;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Ticker;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.UnixDatagrams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The service manager that has started this process, such as systemd, told how it is: sd_notify(3).
 *
 * <pre>{@code
 * ServiceManager manager = ServiceManager.current();
 * group.spawnService(manager::keepAlive);
 * manager.ready();
 * }</pre>
 *
 * <p>Where the variable {@code NOTIFY_SOCKET} is absent, nobody wants to know, and all of this does nothing. Nothing is
 * sent by a thread of its own: the pings of {@link #keepAlive} are a task's, so that a loop that is held sends none and
 * the manager sees it.
 *
 * <p>Threads: tasks. To test code that uses it, run it without the variable.
 */
@AsksSystem("the service manager is told the system's time")
public final class ServiceManager {

    private static final Duration FULL_REST = Duration.ofMillis(10);
    private static final Duration FULL_WAIT = Duration.ofSeconds(5);

    /** A hundred years, which is more than any manager waits. */
    private static final long MAX_MICROS = 100L * 365 * 24 * 3_600 * 1_000_000;

    private final @Nullable String socket;
    private final Duration watchdog;
    private final Supplier<Optional<UnixDatagrams>> datagrams;

    private ServiceManager(
            @Nullable String socket, Duration watchdog, Supplier<Optional<UnixDatagrams>> datagrams) {
        this.datagrams = datagrams;
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /**
     * The manager of this process.
     *
     * @throws IllegalArgumentException if a variable is not of the form that sd_notify(3) and
     *     sd_watchdog_enabled(3) tell
     */
    public static ServiceManager current() {
        return of(System.getenv(), ProcessHandle.current().pid(), UnixDatagrams::find);
    }

    /**
     * The manager that an environment names.
     *
     * @throws IllegalArgumentException if a variable is not of the form that sd_notify(3) and
     *     sd_watchdog_enabled(3) tell
     */
    static ServiceManager of(
            Map<String, String> environment, long pid, Supplier<Optional<UnixDatagrams>> datagrams) {
        String socket = environment.get("NOTIFY_SOCKET");
        if (socket == null || socket.isEmpty()) {
            return new ServiceManager(null, Duration.ZERO, datagrams);
        }
        if (!socket.startsWith("/") && !socket.startsWith("@")) {
            throw new IllegalArgumentException("NOTIFY_SOCKET is \"" + socket
                    + "\"; it must be an absolute path, or an abstract name behind an @ (vsock is not known here)");
        }
        String forPid = environment.get("WATCHDOG_PID");
        String micros = environment.get("WATCHDOG_USEC");
        boolean mine = forPid == null || number("WATCHDOG_PID", forPid) == pid;
        Duration watchdog = micros == null || !mine
                ? Duration.ZERO
                : Duration.of(number("WATCHDOG_USEC", micros), ChronoUnit.MICROS);
        return new ServiceManager(socket, watchdog, datagrams);
    }

    private static long number(String name, String value) {
        try {
            long number = Long.parseLong(value);
            if (number > 0 && number <= MAX_MICROS) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(name + " is \"" + value + "\", must be a number from 1 to " + MAX_MICROS);
    }

    /** Whether anybody wants to know. */
    public boolean isPresent() {
        return socket != null;
    }

    /** How long the manager waits for a ping before it takes this process for hung; empty if it waits for none. */
    public Optional<Duration> watchdog() {
        return watchdog.isZero() ? Optional.empty() : Optional.of(watchdog);
    }

    /**
     * Says that the service is up: what is ordered behind it may start.
     *
     * <p>Cancellation: as with all that is said but pings, a cancelled call says it too, so that it can be said while
     * cleaning up; it waits 5 seconds at most for room.
     *
     * @throws UnsupportedOperationException if there is a manager and nothing here can send to it: without the engines
     *     of Linux
     * @throws UncheckedIOException if nobody is there, or there is no room
     */
    public void ready() {
        send("READY=1");
    }

    /** Says that the service reads its settings anew; {@link #ready} ends it. */
    public void reloading() {
        // On Linux the JVM's clock is CLOCK_MONOTONIC, which the manager wants to know.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1_000);
    }

    /** Says that the service has begun to stop. */
    public void stopping() {
        send("STOPPING=1");
    }

    /**
     * Says in one line how it is, for those who ask the manager.
     *
     * @throws IllegalArgumentException if it is more than a line
     */
    public void status(String line) {
        if (line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a status is one line: another could say what was not meant");
        }
        send("STATUS=" + line);
    }

    /**
     * Says that another process is the service from now on, such as the one that has taken over.
     *
     * @throws IllegalArgumentException if the number is not above 0
     */
    public void mainProcess(long pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid is " + pid + ", must be above 0");
        }
        send("MAINPID=" + pid);
    }

    /**
     * Pings the manager twice in each of its periods until cancelled; returns at once if it waits for none. A ping that
     * finds no room is left out.
     *
     * <p>Cancellation: a cancelled call sends no more.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     * @throws UnsupportedOperationException as {@link #ready}
     * @throws UncheckedIOException if nobody is there
     */
    public void keepAlive() {
        if (watchdog.isZero()) {
            return;
        }
        Ticker ticker = Ticker.every(watchdog.dividedBy(2));
        while (true) {
            trySend("WATCHDOG=1");
            ticker.awaitTick();
        }
    }

    /** Waits while there is no room, in a cancelled scope too: what begins and ends a service must not be lost. */
    private void send(String message) {
        boolean sent = trySend(message) || Heddle.shield(() -> Heddle.moveOnAfter(FULL_WAIT, () -> {
            do {
                Heddle.sleep(FULL_REST);
            } while (!trySend(message));
        }));
        if (!sent) {
            throw new UncheckedIOException(new IOException("the service manager at " + socket + " takes no messages"));
        }
    }

    private boolean trySend(String message) {
        if (socket == null) {
            return true;
        }
        UnixDatagrams sender = datagrams.get().orElseThrow(() -> new UnsupportedOperationException(
                "NOTIFY_SOCKET is set, and nothing here can send to it: add heddle-linux to the path"));
        try {
            return sender.trySend(socket, message.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the service manager cannot be told at " + socket, e);
        }
    }
}
