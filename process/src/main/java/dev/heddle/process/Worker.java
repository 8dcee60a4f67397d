package dev.heddle.process;

import dev.heddle.net.LimitExceededException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A child's end of the connection.
 *
 * <p>Threads: one reads messages, so that it hears of a cancel and of the parent's death whatever the work does; the main thread does
 * the work and sends what comes of it. The reader is a daemon and never runs code of users.
 */
final class Worker {

    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

    private final SocketChannel channel;
    private final Thread main;
    private final LinkedBlockingQueue<Frame> inbox = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<byte[]> classes = new LinkedBlockingQueue<>();

    /** Guards {@link #running}, so that a cancel never interrupts the work after the one it means. */
    private final Object lock = new Object();

    private volatile long running;

    /** Guards the order of bytes. */
    private final Object sending = new Object();

    private final ParentClassLoader loader = new ParentClassLoader(this, Worker.class.getClassLoader());
    private @Nullable Codec codec;

    Worker(SocketChannel channel, Thread main) {
        this.channel = channel;
        this.main = main;
    }

    void start() {
        Thread reader = new Thread(null, this::readAll, "parent", 0, false);
        reader.setDaemon(true);
        reader.start();
        main.setContextClassLoader(loader);
    }

    // ---- the reader ----

    private void readAll() {
        try (var in = new DataInputStream(Channels.newInputStream(channel))) {
            while (true) {
                int length = in.readInt() - Frame.HEAD_BYTES;
                if (length < 0 || length > MOST_BYTES) {
                    throw new IOException("a message of " + length + " bytes");
                }
                byte kind = in.readByte();
                long number = in.readLong();
                byte[] content = in.readNBytes(length);
                if (content.length < length) {
                    throw new EOFException();
                }
                take(new Frame(kind, number, content));
            }
        } catch (IOException | RuntimeException e) {
            // No shutdown hooks: they could wait for what only the parent could give.
            Runtime.getRuntime().halt(WorkerMain.ORPHANED);
        }
    }

    private void take(Frame frame) {
        switch (frame.kind()) {
            case Frame.CANCEL -> {
                synchronized (lock) {
                    if (running == frame.number()) {
                        main.interrupt();
                    }
                }
            }
            case Frame.CLASS -> classes.add(frame.content());
            default -> inbox.add(frame);
        }
    }

    // ---- the main thread ----

    /** Does work until no more comes. */
    void work() throws IOException {
        while (true) {
            Frame frame = next();
            switch (frame.kind()) {
                case Frame.SETUP -> setUp(frame.content());
                case Frame.WORK -> answer(frame);
                case Frame.END -> {
                    return;
                }
                default -> throw new IOException("a message of kind " + frame.kind());
            }
        }
    }

    private Frame next() {
        while (true) {
            try {
                return inbox.take();
            } catch (InterruptedException e) {
                // Left over from work that has ended.
            }
        }
    }

    private void setUp(byte[] content) {
        Codec plain = new Codec(content.length, List.of());
        if (!(plain.decode(content, 0, false, loader) instanceof Setup setup)) {
            throw new UnreadableException("not a setup");
        }
        List<Class<? extends Format<?>>> formats = new ArrayList<>();
        for (String name : setup.formats()) {
            formats.add(format(name));
        }
        codec = new Codec(setup.maxBytes(), formats);
        main.setName(setup.name());
    }

    @SuppressWarnings("unchecked")
    private Class<? extends Format<?>> format(String name) {
        try {
            return (Class<? extends Format<?>>) Class.forName(name, false, loader).asSubclass(Format.class);
        } catch (ClassNotFoundException e) {
            throw new UnreadableException("the format " + name + " is not on the class path of the child", e);
        }
    }

    private void answer(Frame frame) throws IOException {
        Codec formats = codec;
        if (formats == null) {
            throw new IOException("work before the setup");
        }
        byte kind = Frame.RESULT;
        byte[] content;
        begin(frame.number());
        try {
            Work work = (Work) formats.decode(frame.content(), 0, true, loader);
            Object result = work == null ? null : work.run();
            try {
                content = formats.encode("the result", false, result);
            } catch (CannotTravelException e) {
                kind = Frame.CANNOT_TRAVEL;
                content = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
            } catch (LimitExceededException e) {
                kind = Frame.TOO_LONG;
                content = Frame.NOTHING;
            }
        } catch (Throwable e) {
            kind = Frame.FAILURE;
            content = failure(formats, e);
        } finally {
            Routes.callerEnded();
            end();
        }
        send(kind, frame.number(), content);
    }

    static byte[] failure(Codec formats, Throwable e) {
        try {
            return formats.encode("the failure", false, FailureParcel.of(e));
        } catch (RuntimeException tooBig) {
            return formats.encode(
                    "the failure",
                    false,
                    new FailureParcel(e.getClass().getName(), "its words are too long to be sent", List.of(), null,
                            List.of()));
        }
    }

    private void begin(long number) {
        synchronized (lock) {
            running = number;
        }
    }

    private void end() {
        synchronized (lock) {
            running = 0;
            Thread.interrupted();
        }
    }

    /** Sends a message. An interrupt would close the channel, so none may be pending: see {@link #end}. */
    void send(byte kind, long number, byte[] content) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + Frame.HEAD_BYTES)
                .putInt(Frame.HEAD_BYTES + content.length)
                .put(kind)
                .putLong(number)
                .flip();
        ByteBuffer[] all = {head, ByteBuffer.wrap(content)};
        synchronized (sending) {
            while (all[1].hasRemaining() || head.hasRemaining()) {
                channel.write(all);
            }
        }
    }

    /**
     * Asks the parent for a class that is not on the class path; null if it has none either. The parent answers while it waits for work.
     *
     * <p>Asked by a thread of its own, since the calling one may be interrupted at any time.
     */
    byte @Nullable [] wantedClass(String name) {
        var found = new CompletableFuture<byte[]>();
        Thread asking = new Thread(null, () -> ask(name, found), "class " + name, 0, false);
        asking.setDaemon(true);
        asking.start();
        byte[] bytes = found.join();
        return bytes.length == 0 ? null : bytes;
    }

    private void ask(String name, CompletableFuture<byte[]> found) {
        synchronized (classes) {
            try {
                send(Frame.CLASS_WANTED, running, name.getBytes(StandardCharsets.UTF_8));
                found.complete(classes.take());
            } catch (IOException | InterruptedException e) {
                found.complete(Frame.NOTHING);
            }
        }
    }
}
