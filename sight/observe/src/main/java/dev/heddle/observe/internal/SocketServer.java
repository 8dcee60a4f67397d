package dev.heddle.observe.internal;

import dev.heddle.internal.Throwables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import jdk.net.ExtendedSocketOptions;

/**
 * The server of a process's socket: one request a connection, answered by lines of JSON.
 *
 * <pre>
 * program over=200
 *     {"kind":"program","pid":4711,...}
 *     {"kind":"end"}
 * </pre>
 *
 * <p>With {@code every=1000} the same request is answered again each so many milliseconds, and {@code {"kind":"round"}}
 * ends each time, until the peer hangs up.
 *
 * <p>Threads: daemons of its own, one that accepts and one for each of at most {@value #MAX_CLIENTS} who ask. None is a
 * loop's, so it answers where all loops hang.
 */
final class SocketServer implements AutoCloseable {

    /** Who ask at a time; one more is told so. */
    static final int MAX_CLIENTS = 16;

    private static final int MIN_EVERY_MILLIS = 10;
    private static final int MAX_EVERY_MILLIS = (int) TimeUnit.HOURS.toMillis(1);

    /** The pause where nobody can be let in, as without descriptors. */
    private static final long BACK_OFF_MILLIS = 1_000;

    /** What a request is answered with. */
    @FunctionalInterface
    interface Verbs {

        /**
         * A view for one request.
         *
         * @throws BadRequestException if nobody knows this verb
         */
        View of(String verb) throws BadRequestException;
    }

    private final ServerSocketChannel server;
    private final Verbs verbs;
    private final Predicate<UserPrincipal> mayAsk;
    private final Duration patience;
    private final Semaphore places = new Semaphore(MAX_CLIENTS);
    private final AtomicLong numbers = new AtomicLong();

    /** Whom the log has already. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /**
     * A server that does not serve yet.
     *
     * @param server closed with this
     * @param mayAsk the users that are answered
     * @param patience as {@link Connection#PATIENCE}
     */
    SocketServer(
            ServerSocketChannel server, Verbs verbs, Predicate<UserPrincipal> mayAsk, Duration patience) {
        this.server = server;
        this.verbs = verbs;
        this.mayAsk = mayAsk;
        this.patience = patience;
    }

    /** Serves until it is closed. */
    void run() {
        try (var wait = new ChannelWait(server.configureBlocking(false))) {
            while (server.isOpen()) {
                wait.await(SelectionKey.OP_ACCEPT);
                try {
                    SocketChannel channel = server.accept();
                    if (channel != null) {
                        letIn(channel);
                    }
                } catch (ClosedChannelException e) {
                    return;
                } catch (IOException e) {
                    backOff();
                }
            }
        } catch (CancelledKeyException | ClosedChannelException e) {
            // It is closed.
        } catch (IOException e) {
            ObserverLog.log(Level.WARNING, "this process cannot be observed any more", e);
        }
    }

    private static void backOff() {
        try {
            Thread.sleep(BACK_OFF_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody should; then accept fails, and this ends
        }
    }

    private void letIn(SocketChannel channel) throws IOException {
        if (!places.tryAcquire()) {
            refuse(channel, MAX_CLIENTS + " others ask this process already");
            return;
        }
        boolean begun = false;
        try {
            Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false)
                    .name("heddle-observe-" + numbers.incrementAndGet()).start(() -> serve(channel));
            begun = true;
        } finally {
            if (!begun) {
                places.release();
                channel.close();
            }
        }
    }

    /** Says why, as far as the buffers of a fresh connection take it, and waits for nothing. */
    private static void refuse(SocketChannel channel, String why) throws IOException {
        try (channel) {
            channel.configureBlocking(false);
            var line = new ByteArrayOutputStream();
            new JsonLines(line).begin("error").put("message", why).end();
            channel.write(ByteBuffer.wrap(line.toByteArray()));
        }
    }

    private void serve(SocketChannel channel) {
        try (var connection = new Connection(channel, patience)) {
            var out = new JsonLines(connection);
            try {
                admit(channel);
                answer(connection, ViewRequest.parse(connection.readLine()), out);
                out.begin("end").end();
                out.flush();
            } catch (BadRequestException e) {
                out.begin("error").put("message", e.getMessage()).end();
                connection.endRefused();
            } catch (RuntimeException | Error e) {
                ObserverLog.log(Level.WARNING, "a question from outside could not be answered", e);
                out.begin("error").put("message", "the answer failed: " + Throwables.text(e)).end();
                out.flush();
            }
        } catch (IOException e) {
            // It has gone, or does not read: nobody to tell.
        } finally {
            places.release();
        }
    }

    /** @throws BadRequestException if the peer is somebody else's process */
    private void admit(SocketChannel channel) throws IOException {
        UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (!mayAsk.test(user)) {
            if (refused.add(user.getName())) {
                ObserverLog.log(
                        Level.WARNING,
                        "user " + user.getName() + " was refused to look into this process, which is not theirs", null);
            }
            throw new BadRequestException("this process is another user's");
        }
    }

    private void answer(Connection connection, ViewRequest request, JsonLines out) throws IOException {
        long every = request.number("every", MIN_EVERY_MILLIS, MAX_EVERY_MILLIS, 0);
        try (View view = verbs.of(request.verb())) {
            view.write(request, out);
            while (every > 0) {
                out.begin("round").end();
                out.flush();
                if (!connection.rest(every)) {
                    return;
                }
                view.write(request, out);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
