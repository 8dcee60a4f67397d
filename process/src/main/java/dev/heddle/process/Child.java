package dev.heddle.process;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.Process;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM as its parent sees it: the process, the connection, and what it prints.
 *
 * <pre>
 *   started ──says the secret it was given on its standard input──▶ ready ──work, result──▶ ready ──▶ ended, or dead
 * </pre>
 *
 * <p>The socket lies in a directory of our own, is taken away as soon as the child is there, and nothing of the child is decoded before it has
 * said the secret.
 *
 * <p>Threads: one works with it; any may {@link #kill} it.
 */
final class Child {

    private static final int SECRET_BYTES = 32;
    private static final int STRANGER_BYTES = 256;
    private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long NEVER = Long.MAX_VALUE;
    private static final long LOOK_MILLIS = 100;
    private static final long EXIT_MILLIS = 5_000;
    private static final long LAST_LINES_MILLIS = 500;
    private static final long BROKEN_MILLIS = 500;

    private final String name;
    private final Process process;
    private final Tail tail;
    private final Link link;
    private final Errands errands;
    private final Codec codec;
    private final ClassLoader loader;

    private volatile boolean killed;
    private boolean buried;

    private Child(String name, Process process, Tail tail, Link link, Codec codec, ClassLoader loader) {
        this.name = name;
        this.process = process;
        this.tail = tail;
        this.link = link;
        this.errands = new Errands(link, this::classBytes);
        this.codec = codec;
        this.loader = loader;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param loader where classes come from that the child's class path lacks
     * @throws WorkerDiedException if it ends before it is ready
     * @throws IOException if it cannot be started
     * @throws InterruptedException if the thread is interrupted; the child is ended
     */
    static Child start(
            String name, List<String> command, Codec codec, ClassLoader loader, WorkerOutput output)
            throws IOException, InterruptedException {
        return start(name, command, codec, loader, output, process -> {});
    }

    /** As above; {@code started} gets the process as soon as there is one. */
    static Child start(
            String name, List<String> command, Codec codec, ClassLoader loader, WorkerOutput output,
            Consumer<Process> started)
            throws IOException, InterruptedException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        try (PrivateDirectory directory = PrivateDirectory.make(PrivateDirectory.OF_A_CHILD);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.socket()));
            var builder = new ProcessBuilder(command);
            if (output == WorkerOutput.INHERITED) {
                builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
            }
            Process process = builder.start();
            started.accept(process);
            Tail tail = new Tail(process, name, output);
            Link link = null;
            boolean ready = false;
            try {
                tell(process, directory.socket(), secret);
                link = Link.of(accept(server, process, name, tail), STRANGER_BYTES);
                Child child = new Child(name, process, tail, link, codec, loader);
                child.greet(secret);
                ready = true;
                return child;
            } finally {
                if (!ready) {
                    process.destroyForcibly();
                    if (link != null) {
                        link.close();
                    }
                }
            }
        }
    }

    private static void tell(Process process, Path socket, byte[] secret) {
        String lines = socket + "\n" + HexFormat.of().formatHex(secret) + "\n";
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(lines.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended already, as will be seen.
        }
    }

    private static SocketChannel accept(ServerSocketChannel server, Process process, String name, Tail tail)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Selector selector = Selector.open()) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                SocketChannel channel = server.accept();
                if (channel != null) {
                    return channel;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while " + name + " starts");
                }
                if (!process.isAlive()) {
                    throw new WorkerDiedException(
                            name, process.pid(), "ended before it was ready", process.exitValue(),
                            tail.lines(LAST_LINES_MILLIS), null);
                }
                if (System.nanoTime() - start > START_LIMIT_NANOS) {
                    throw new WorkerDiedException(
                            name, process.pid(), "was not ready in time", null, tail.lines(0), null);
                }
                selector.select(LOOK_MILLIS);
                selector.selectedKeys().clear();
            }
        }
    }

    private void greet(byte[] secret) throws IOException, InterruptedException {
        Frame hello = exchange(() -> link.receive(new Patient(START_LIMIT_NANOS)));
        if (hello == null || hello.kind() != Frame.HELLO || !MessageDigest.isEqual(hello.content(), secret)) {
            throw died("is not who it must be", null);
        }
        link.trust(codec.maxBytes());
        List<String> formats = FormatNames.of(codec.formatClasses());
        byte[] setup = new Codec(STRANGER_BYTES * STRANGER_BYTES, List.of())
                .encode("the setup", false, new Setup(name, codec.maxBytes(), formats).toList());
        exchange(() -> {
            link.send(new Frame(Frame.SETUP, 0, setup), new Patient(START_LIMIT_NANOS));
            return hello;
        });
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return !killed && process.isAlive();
    }

    /** Whether it has been given up. One that has died may still have left answers. */
    boolean isBuried() {
        return buried;
    }

    long works() {
        return errands.works();
    }

    /** Has work done that does not count. */
    void prepare(byte[] work, Duration grace) throws Exception {
        run(work, grace);
        errands.forgetWorks();
    }

    /** Has work done, by a child that has no other: as {@link #run(Errand, Duration, Ahead)}. */
    @Nullable Object run(byte[] work, Duration grace) throws Exception {
        return run(new Errand(Output.of(work)), grace, Ahead.NONE);
    }

    /**
     * Has work done, and waits for its end.
     *
     * <p>An interrupt cancels the work: the child's thread is interrupted, and if that does not end it within the grace time the child is killed.
     *
     * @param errand the work, which this child may have already
     * @param ahead where work comes from that the child may have early; what it has not begun is put back if it dies
     * @return the result
     * @throws WorkerDiedException if the child dies
     * @throws InterruptedException if the work was given up, and has not begun or the child was killed
     * @throws Exception what the work threw, with the child's stack as its cause
     */
    @Nullable Object run(Errand errand, Duration grace, Ahead ahead) throws Exception {
        Frame end = exchange(() -> errands.await(errand, grace.toNanos(), ahead));
        if (end == null) {
            throw new InterruptedException("the work was given up before it began");
        }
        if (end.kind() == Frame.TOO_LONG) {
            throw Output.tooLong(codec.maxBytes());
        }
        if (end.kind() == Frame.CANNOT_TRAVEL) {
            throw new CannotTravelException(new String(end.content(), StandardCharsets.UTF_8));
        }
        Object value;
        try {
            value = codec.decode(end.content(), 0, false, loader);
        } catch (UnreadableException e) {
            throw new RemoteFailedException("what " + name + " answered cannot be read: " + e.getMessage(), e);
        }
        if (end.kind() == Frame.RESULT) {
            return value;
        }
        if (value instanceof FailureParcel parcel) {
            throw thrown(parcel.unpackHere("in " + name + " (process " + pid() + ")", loader));
        }
        throw new RemoteFailedException("what " + name + " answered is no failure", null);
    }

    private static Exception thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (Exception) failure;
    }

    private byte[] classBytes(byte[] name) {
        String path = new String(name, StandardCharsets.UTF_8).replace('.', '/') + ".class";
        try (var source = loader.getResourceAsStream(path)) {
            byte[] found = source == null ? Frame.NOTHING : source.readAllBytes();
            return found.length > codec.maxBytes() ? Frame.NOTHING : found;
        } catch (IOException e) {
            return Frame.NOTHING;
        }
    }

    private interface Talk {
        @Nullable Frame talk() throws IOException;
    }

    /** Talks with the child, and says what has become of it if that fails. */
    private @Nullable Frame exchange(Talk talk) throws InterruptedException {
        try {
            return talk.talk();
        } catch (Errands.GivenUp e) {
            bury();
            throw new InterruptedException(
                    "the work was given up, and " + name + " killed, since it did not end by itself");
        } catch (EOFException | SocketException e) {
            // Reset, not only closed, if it died with work that it had not read.
            throw died("died", null);
        } catch (IOException e) {
            // So looks a death while something is sent, too; its exit is told a moment later.
            boolean ended = process.waitFor(BROKEN_MILLIS, TimeUnit.MILLISECONDS);
            throw died(ended ? "died" : "was killed, since its connection failed: " + e.getMessage(), e);
        }
    }

    private WorkerDiedException died(String what, @Nullable Throwable cause) throws InterruptedException {
        boolean ended;
        try {
            ended = process.waitFor(cause == null ? EXIT_MILLIS : 0, TimeUnit.MILLISECONDS);
        } finally {
            bury();
        }
        Integer code = ended ? process.exitValue() : null;
        return new WorkerDiedException(name, pid(), what, code, tail.lines(LAST_LINES_MILLIS), cause);
    }

    /** Ends it in peace, and by force if it does not go within the grace time. An interrupted thread stays interrupted. */
    void end(Duration grace) {
        try {
            link.send(new Frame(Frame.END, 0, Frame.NOTHING), new Patient(NEVER));
            process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Errands.GivenUp | InterruptedException e) {
            // Then by force; and it means what the thread does next.
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Then by force.
        } finally {
            bury();
        }
    }

    /** Ends it at once, waits for that, and closes the connection. */
    void bury() {
        buried = true;
        kill();
        awaitExit();
        errands.putBackAll();
        try {
            link.close();
        } catch (IOException e) {
            // It is of no use any more in any case.
        }
    }

    private void awaitExit() {
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends it at once. What its thread waits for ends soon. */
    void kill() {
        killed = true;
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return name + " (process " + pid() + ")";
    }

    /** Waits as long as it may take; an interrupt ends the wait. */
    private static final class Patient implements Link.Patience {

        private final long startNanos = System.nanoTime();
        private final long limitNanos;

        Patient(long limitNanos) {
            this.limitNanos = limitNanos;
        }

        @Override
        public long millis() {
            long left = limitNanos - (System.nanoTime() - startNanos);
            return limitNanos == NEVER ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
        }

        @Override
        public void look(boolean quiet) throws IOException {
            if (Thread.interrupted()) {
                throw new Errands.GivenUp();
            }
            if (limitNanos != NEVER && System.nanoTime() - startNanos >= limitNanos) {
                throw new IOException("it was not ready in time");
            }
        }
    }
}
