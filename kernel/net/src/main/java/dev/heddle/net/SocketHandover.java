package dev.heddle.net;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.DescriptorEngine.Passed;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Transport;
import dev.heddle.internal.ReportLog;
import dev.heddle.internal.SystemUser;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The restart of a service without a lost connection: its new process gets the listening sockets of the old one, which
 * stops when the new one serves. What waits in the sockets to be accepted waits on, and if the new process fails before
 * it serves, the old one goes on.
 *
 * <pre>{@code
 * try (SocketHandover handOver = SocketHandover.at(Path.of("/run/shop/handover.sock"))) {
 *     Listener listener = handOver.sockets().take("http").orElseGet(() -> Tcp.listen("0.0.0.0", 8080));
 *     try (HttpServer server = server.start(listener)) {
 *         handOver.serving(Map.of("http", listener));
 *         handOver.awaitSuccessor();
 *     }
 * }
 * }</pre>
 *
 * <pre>
 *   new process                    old process, in awaitSuccessor
 *      ── at: connects ──────────────▶
 *      ◀── the sockets ────────────── goes on serving
 *      ── serving ───────────────────▶ accepts no more
 *      ◀── stopped ─────────────────── returns
 *      takes its place at the path
 * </pre>
 *
 * <p>Between processes of one machine and one user; the path's permissions keep others out, and a server of another
 * user there is refused. It asks for a loop on one of Linux's engines. A service manager that keeps the sockets itself
 * needs none of this: {@link InheritedSockets#current}.
 *
 * <p>Threads: tasks of one loop. To test code that uses it, two of them in one program do.
 */
public final class SocketHandover implements AutoCloseable {

    private static final String GREETING = "heddle hand-over 1";
    private static final String SERVING = "serving";
    private static final String STOPPED = "stopped";
    private static final int MAX_LINE_BYTES = 64;
    private static final Pattern NAME = Pattern.compile("[\\w.@-]{1,64}");

    /** Processes that have asked and do not serve yet, as one that hangs; those beyond wait. */
    static final int MAX_ASKING = 16;

    /** For what the other process does without waiting for anybody. */
    private static final Duration ANSWER_TIME = Duration.ofSeconds(10);

    private static final ReportLog LOG = new ReportLog("dev.heddle.net", SocketHandover.class);

    private final Path path;
    private final InheritedSockets sockets;

    /** To the process that serves until this one does; null if there is none, or none any more. */
    private @Nullable ByteStream before;

    private Map<String, Listener> listeners = Map.of();

    /** Where the next process asks; null until this one serves. */
    private @Nullable Listener offer;

    /** The wait for the next process; null while nobody waits. */
    private @Nullable Listener waiting;

    /** To those that have asked and do not serve yet. */
    private final Set<ByteStream> asking = new LinkedHashSet<>();

    /** Whether the next process serves. */
    private boolean isOver;

    private SocketHandover(Path path, InheritedSockets sockets, @Nullable ByteStream before) {
        this.path = path;
        this.sockets = sockets;
        this.before = before;
    }

    /**
     * Asks the process that serves at a path for its sockets; where there is none, this is the first. That process
     * serves on.
     *
     * <p>Cancellation: a cancelled call has taken nothing.
     *
     * @param path of a Unix socket, in a directory that only this user can write; see {@link Unix#listen}
     * @throws ListenFailedException if the engine cannot take sockets over, or who serves there is another user's
     *     process, is no hand-over, or does not answer within 10 seconds, as while it is not in {@link #awaitSuccessor}
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static SocketHandover at(Path path) {
        UnixPaths.checkLength(path);
        Passed passed;
        try {
            DescriptorEngine engine = engine();
            passed = Heddle.timeout(ANSWER_TIME, () -> ask(engine, path));
        } catch (IOException e) {
            throw new ListenFailedException(path.toString(), e);
        } catch (UncheckedIOException e) {
            throw new ListenFailedException(path.toString(), Objects.requireNonNull(e.getCause()));
        } catch (DeadlineExceededException e) {
            throw new ListenFailedException(path.toString(), new IOException(
                    "the process that serves there has not answered in time; it does not await a successor now", e));
        }
        return passed == null ? new SocketHandover(path, new InheritedSockets(List.of()), null) : of(path, passed);
    }

    private static @Nullable Passed ask(DescriptorEngine engine, Path path) {
        try {
            return engine.receivePassed(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            boolean nobody = e instanceof ConnectException || !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            if (nobody) {
                return null;
            }
            throw new UncheckedIOException(e);
        }
    }

    private static SocketHandover of(Path path, Passed passed) {
        boolean done = false;
        try {
            int self = Heddle.offload(() -> SystemUser.number());
            if (passed.user() != self && passed.user() != 0) {
                throw new IOException("the process that serves there is another user's");
            }
            var sockets = new InheritedSockets(inherited(passed));
            done = true;
            return new SocketHandover(path, sockets, new ByteStream(passed.connection()));
        } catch (IOException e) {
            throw new ListenFailedException(path.toString(), e);
        } finally {
            if (!done) {
                passed.acceptors().forEach(Acceptor::close);
                passed.connection().close();
            }
        }
    }

    private static List<InheritedSockets.Socket> inherited(Passed passed) throws IOException {
        List<String> lines = List.of(passed.message().split("\n", -1));
        List<Acceptor> acceptors = passed.acceptors();
        if (!lines.getFirst().equals(GREETING) || lines.size() != acceptors.size() + 2) {
            throw new IOException("the process there does not hand over, or only in another version");
        }
        List<InheritedSockets.Socket> sockets = new ArrayList<>();
        for (int i = 0; i < acceptors.size(); i++) {
            String[] parts = lines.get(i + 1).split("\t", 2);
            Acceptor acceptor = acceptors.get(i);
            Acceptor whole = parts.length == 1
                    ? acceptor
                    : Heddle.offload(() -> UnixAcceptor.adopted(acceptor, Path.of(parts[1])));
            sockets.add(new InheritedSockets.Socket(parts[0], () -> whole));
        }
        return sockets;
    }

    private static DescriptorEngine engine() throws IOException {
        Engine engine = Heddle.currentLoop().engine();
        if (engine instanceof DescriptorEngine able) {
            return able;
        }
        throw new IOException("the engine " + engine.name()
                + " cannot take over sockets; those of Linux can: have heddle-linux on the path, and no other engine chosen");
    }

    /** The sockets of the process before, by the names that it gave them; none if this is the first. */
    public InheritedSockets sockets() {
        return sockets;
    }

    /**
     * Says that this process serves now: the one before stops accepting, and the next one may ask. Sockets of the one
     * before that nobody has taken are closed, with a word in the log.
     *
     * <p>Cancellation: it is not heard; the call waits 10 seconds at most.
     *
     * @param listeners what goes on to the next process, by names of 1 to 64 letters, digits, {@code .}, {@code _},
     *     {@code @} and {@code -}; they stay the caller's, which serves them. At most 64; with TLS, those under it
     * @throws IllegalArgumentException if a name is not of this form, or a listener is not the engine's own
     * @throws IllegalStateException if it was said before
     * @throws ListenFailedException if the place at the path cannot be taken; the one before has stopped accepting
     */
    public void serving(Map<String, Listener> listeners) {
        if (offer != null) {
            throw new IllegalStateException("serving was said already at " + path);
        }
        check(listeners);
        this.listeners = new TreeMap<>(listeners);
        sockets.close();
        Heddle.shield(() -> {
            stopBefore();
            offer = Unix.listen(path);
        });
    }

    private static void check(Map<String, Listener> listeners) {
        if (listeners.size() > DescriptorEngine.MAX_PASSED) {
            throw new IllegalArgumentException(
                    "at most " + DescriptorEngine.MAX_PASSED + " listeners are handed over, not " + listeners.size());
        }
        DescriptorEngine engine = DescriptorEngine.of(Heddle.currentLoop().engine());
        listeners.forEach((name, listener) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a name has 1 to 64 letters, digits, dots, underscores, ats and hyphens, not \"" + name + "\"");
            }
            if (!engine.canPass(bare(listener))) {
                throw new IllegalArgumentException(listener
                        + " is not a socket of this loop's engine, which alone can be handed over; of one with TLS give what is under it");
            }
            if (line(name, listener).indexOf('\n') >= 0) {
                throw new IllegalArgumentException("a path with the end of a line cannot be handed over");
            }
        });
    }

    private static Acceptor bare(Listener listener) {
        return listener.under() instanceof UnixAcceptor unix ? unix.bare() : listener.under();
    }

    private static String line(String name, Listener listener) {
        return listener.under() instanceof UnixAcceptor unix ? name + "\t" + unix.path() : name;
    }

    /** The one before may have ended meanwhile: then nobody is left to stop. */
    private void stopBefore() {
        ByteStream asked = before;
        if (asked == null) {
            return;
        }
        before = null;
        try (asked) {
            asked.write(SERVING + "\n");
            Optional<String> answer = Heddle.timeout(ANSWER_TIME, () -> asked.readLine(MAX_LINE_BYTES));
            if (answer.filter(STOPPED::equals).isEmpty()) {
                LOG.log(Level.WARNING, "the process that served before at " + path + " ended before it had stopped",
                        null);
            }
        } catch (BrokenException | ClosedException | DeadlineExceededException e) {
            LOG.log(Level.WARNING, "the process that served before at " + path + " did not say that it has stopped", e);
        }
    }

    /**
     * Waits until another process serves in place of this one, whose listeners are closed then: what they had accepted
     * is still to be served. A process that asks and ends before it serves is told of in the log, and the wait goes on.
     * Of several that ask, the first that serves is the next one; the others find its place taken.
     *
     * <p>Cancellation: a cancelled call has handed nothing over, and keeps the place at the path: a process that asks
     * waits there for the next call.
     *
     * @throws IllegalStateException if {@link #serving} was not called
     * @throws BusyException if another task waits already
     * @throws ClosedException if it is closed, before or while waiting
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public void awaitSuccessor() {
        Listener asked = offer;
        if (asked == null) {
            throw new IllegalStateException("call serving first: nobody can ask yet at " + path);
        }
        if (waiting != null) {
            throw new BusyException("another task awaits the successor at " + path);
        }
        waiting = new Listener(new Place(asked.under()));
        try {
            waiting.serve(ServeOptions.DEFAULT.withMaxConnections(MAX_ASKING), this::handOver);
        } finally {
            waiting = null;
        }
        if (!isOver) {
            throw new ClosedException("the hand-over at " + path + " is closed");
        }
    }

    /** The place at the path during one wait, whose end does not give it up. */
    private record Place(Acceptor acceptor) implements Acceptor {

        @Override
        public Transport accept() {
            return acceptor.accept();
        }

        @Override
        public SocketAddress localAddress() {
            return acceptor.localAddress();
        }

        @Override
        public void close() {}
    }

    private void handOver(ByteStream next) throws IOException {
        asking.add(next);
        try {
            handOverTo(next);
        } catch (ClosedException e) {
            if (!isOver) {
                throw e;
            }
        } finally {
            asking.remove(next);
        }
    }

    private void handOverTo(ByteStream next) throws IOException {
        var message = new StringBuilder(GREETING).append('\n');
        listeners.forEach((name, listener) -> message.append(line(name, listener)).append('\n'));
        engine().pass(UnixAcceptor.bare(next.transport()), message.toString(),
                listeners.values().stream().map(SocketHandover::bare).toList());
        Optional<String> answer = next.readLine(MAX_LINE_BYTES);
        if (isOver) {
            return;
        }
        if (answer.filter(SERVING::equals).isEmpty()) {
            LOG.log(Level.WARNING, "a process that asked at " + path + " ended before it served; this one goes on",
                    null);
            return;
        }
        Heddle.shield(() -> {
            isOver = true;
            asking.remove(next);
            asking.forEach(ByteStream::abort);
            listeners.values().forEach(SocketHandover::leave);
            close();
            next.write(STOPPED + "\n");
        });
    }

    private static void leave(Listener listener) {
        if (listener.under() instanceof UnixAcceptor unix) {
            unix.leavePath();
        }
        listener.close();
    }

    /**
     * Ends it: the next process finds nobody at the path, and the one before, if {@link #serving} was not called, goes
     * on. The listeners stay.
     */
    @Override
    public void close() {
        if (offer != null) {
            offer.close();
        }
        if (waiting != null) {
            waiting.close();
        }
        if (before != null) {
            before.close();
            before = null;
            sockets.close();
        }
    }

    @Override
    public String toString() {
        return "SocketHandover[" + path + (offer == null ? ", not serving yet]" : "]");
    }
}
