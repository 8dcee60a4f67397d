package dev.heddle.net;

import dev.heddle.Heddle;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.Engine;
import dev.heddle.internal.ReportLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets that somebody else has made for this process: the service manager that started it, such as systemd
 * (sd_listen_fds(3)), or the process that served before it ({@link SocketHandover}). Connections that come while nobody
 * serves wait in them.
 *
 * <pre>{@code
 * Listener listener = InheritedSockets.current().take("http").orElseGet(() -> Tcp.listen("0.0.0.0", 8080));
 * }</pre>
 *
 * <p>Needs an engine of Linux. UDP sockets, and connections of {@code Accept=yes}, are not taken.
 *
 * <p>Threads: {@link #take}, {@link #takeNext} and {@link #close} are for tasks, and what is taken belongs to the
 * current loop; the rest is for any thread. Each socket is taken once, whoever asks. To test code that uses it, run it
 * without the variables.
 */
public final class InheritedSockets implements AutoCloseable {

    private static final int FIRST_DESCRIPTOR = 3;

    /** More than anybody's unit has; each costs a descriptor. */
    private static final int MAX_SOCKETS = 1024;

    private static final String UNNAMED = "unknown";

    /** One for all, since what is taken is gone for all. */
    private static final AtomicReference<@Nullable InheritedSockets> OF_PROCESS = new AtomicReference<>();

    private static final ReportLog LOG = new ReportLog("dev.heddle.net", InheritedSockets.class);

    private final List<Socket> all;

    InheritedSockets(List<Socket> all) {
        this.all = List.copyOf(all);
    }

    /** How one that nobody has taken becomes an acceptor of the current loop. */
    @FunctionalInterface
    interface Opening {
        Acceptor open() throws IOException;
    }

    /** One of them. */
    static final class Socket {
        private final String name;
        private final Opening opening;
        private final AtomicBoolean taken = new AtomicBoolean();

        Socket(String name, Opening opening) {
            this.name = name;
            this.opening = opening;
        }

        private boolean take() {
            return taken.compareAndSet(false, true);
        }
    }

    /**
     * Those that the service manager has made: of {@code LISTEN_FDS}, {@code LISTEN_FDNAMES}, if {@code LISTEN_PID} is
     * this process; none without these variables. The same object each time.
     *
     * @throws IllegalArgumentException if a variable is not of the form that sd_listen_fds(3) tells
     */
    public static InheritedSockets current() {
        InheritedSockets known = OF_PROCESS.get();
        if (known != null) {
            return known;
        }
        InheritedSockets read = of(System.getenv(), ProcessHandle.current().pid());
        return OF_PROCESS.compareAndSet(null, read) ? read : current();
    }

    /** Those that an environment tells of. */
    static InheritedSockets of(Map<String, String> environment, long pid) {
        String count = environment.get("LISTEN_FDS");
        String forPid = environment.get("LISTEN_PID");
        if (count == null || forPid == null || number("LISTEN_PID", forPid, 1, Long.MAX_VALUE) != pid) {
            return new InheritedSockets(List.of());
        }
        int sockets = (int) number("LISTEN_FDS", count, 0, MAX_SOCKETS);
        List<String> names = names(environment.get("LISTEN_FDNAMES"), sockets);
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            int descriptor = FIRST_DESCRIPTOR + i;
            all.add(new Socket(names.get(i), () -> engine().adoptListening(descriptor)));
        }
        return new InheritedSockets(all);
    }

    private static List<String> names(@Nullable String told, int count) {
        if (told == null) {
            return Collections.nCopies(count, UNNAMED);
        }
        List<String> names = List.of(told.split(":", -1));
        if (names.size() != count) {
            throw new IllegalArgumentException(
                    "LISTEN_FDNAMES has " + names.size() + " names, LISTEN_FDS is " + count);
        }
        return names;
    }

    private static long number(String name, String value, long least, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                name + " is \"" + value + "\", must be a number from " + least + " to " + most);
    }

    private static DescriptorEngine engine() throws IOException {
        Engine engine = Heddle.currentLoop().engine();
        if (engine instanceof DescriptorEngine able) {
            return able;
        }
        throw new IOException("the engine " + engine.name()
                + " cannot take over sockets; those of Linux can: have heddle-linux on the path, and no other engine chosen");
    }

    /** The names of those that nobody has taken yet, in their order; one may stand there more than once. */
    public List<String> names() {
        return all.stream().filter(socket -> !socket.taken.get()).map(socket -> socket.name).toList();
    }

    /**
     * Takes the next socket of a name, {@code FileDescriptorName=} of its unit, which is the unit's own name if it
     * gives none. Never waits.
     *
     * @return what owns the socket from now on; empty if there is none of this name, or no more
     * @throws ListenFailedException if it is no socket that listens for streams, or the engine cannot take it
     */
    public Optional<Listener> take(String name) {
        return all.stream()
                .filter(socket -> socket.name.equals(name) && socket.take())
                .findFirst()
                .map(InheritedSockets::listener);
    }

    /** Takes the next socket, whatever its name is; as {@link #take}. */
    public Optional<Listener> takeNext() {
        return all.stream().filter(Socket::take).findFirst().map(InheritedSockets::listener);
    }

    private static Listener listener(Socket socket) {
        try {
            return new Listener(socket.opening.open());
        } catch (IOException e) {
            throw new ListenFailedException("the inherited socket \"" + socket.name + "\"", e);
        }
    }

    /**
     * Closes those that nobody has taken, since connections to them would wait for ever, and says so in the log. The
     * others stay open.
     */
    @Override
    public void close() {
        List<String> left = new ArrayList<>();
        for (Socket socket : all) {
            if (socket.take()) {
                left.add(socket.name);
                try {
                    socket.opening.open().close();
                } catch (IOException e) {
                    // Not one that anybody could connect to.
                }
            }
        }
        if (!left.isEmpty()) {
            LOG.log(Level.WARNING, "nobody took the inherited sockets " + String.join(", ", left)
                    + ", so they are closed: a name that does not fit?", null);
        }
    }

    @Override
    public String toString() {
        return names().stream().collect(Collectors.joining(", ", "InheritedSockets[", "]"));
    }
}
