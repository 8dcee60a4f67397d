package dev.heddle.process;

import dev.heddle.internal.Holds;
import dev.heddle.process.internal.WorkEnds;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Duty;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.FrameReader;
import dev.heddle.process.internal.codec.FrameWriter;
import dev.heddle.process.internal.codec.Inflow;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Setup;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of the connection to its parent.
 *
 * <p>Threads: one reads messages, so that it hears of a cancel and of the parent's death whatever the work does; the
 * main thread does the work and sends what comes of it. The reader is a daemon and never runs code of users.
 */
final class Worker {

    private static final int MAX_BYTES = Integer.MAX_VALUE - 64;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Thread main;
    private final LinkedBlockingQueue<byte[]> classes = new LinkedBlockingQueue<>();

    /**
     * Guards {@link #inbox} and {@link #running}: a cancel interrupts the work that it means, or takes it back, and
     * never both.
     */
    private final Object lock = new Object();

    private final ArrayDeque<Frame> inbox = new ArrayDeque<>();
    private volatile long running;

    /** Guards the order of bytes. */
    private final Object sending = new Object();

    private final FrameWriter writer;
    private final FrameReader reader;
    private final ParentClassLoader loader = new ParentClassLoader(this, Worker.class.getClassLoader());
    private @Nullable Codec codec;

    /** The long work that is decoded while it comes; null for none. */
    private volatile @Nullable Inflow coming;

    Worker(SocketChannel channel, Thread main) {
        this.main = main;
        this.reader = FrameReader.ofChild(channel::read, BUFFER_BYTES, MAX_BYTES);
        this.writer = new FrameWriter(source -> {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        }, BUFFER_BYTES);
    }

    void start() {
        startDaemon("parent", this::readAll);
        main.setContextClassLoader(loader);
    }

    private static void startDaemon(String name, Runnable body) {
        var thread = new Thread(null, body, name, 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    // ---- the reader ----

    private void readAll() {
        try {
            while (true) {
                Frame frame = reader.next();
                if (frame == null) {
                    wakeMain();
                    reader.fill();
                } else {
                    take(frame);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            // No shutdown hooks: they could wait for what only the parent could give.
            Runtime.getRuntime().halt(WorkerMain.ORPHANED);
        }
    }

    private void take(Frame frame) throws IOException {
        switch (frame.kind()) {
            case CANCEL -> cancel(frame.number());
            case RECALL -> giveBackAll();
            case CLASS -> classes.add(frame.content());
            default -> {
                synchronized (lock) {
                    inbox.addLast(frame);
                }
            }
        }
    }

    /** Once for all that has come together. */
    private void wakeMain() {
        synchronized (lock) {
            if (!inbox.isEmpty()) {
                lock.notifyAll();
            }
        }
    }

    private void cancel(long number) throws IOException {
        reader.drop(number);
        boolean removed;
        synchronized (lock) {
            removed = inbox.removeIf(frame -> isWork(frame) && frame.number() == number);
            if (!removed && running == number) {
                main.interrupt();
            }
        }
        if (removed) {
            send(MessageKind.RETURNED, number, Output.NOTHING);
        }
    }

    /** Gives back what has not begun, the last first: it is put back in front of what the parent has. */
    private void giveBackAll() throws IOException {
        List<Frame> back = new ArrayList<>();
        synchronized (lock) {
            while (!inbox.isEmpty() && isWork(inbox.peekLast())) {
                back.add(inbox.pollLast());
            }
        }
        synchronized (sending) {
            for (Frame each : back) {
                writer.put(MessageKind.RETURNED, false, each.number(), Output.NOTHING);
            }
            writer.flush();
        }
    }

    private static boolean isWork(Frame frame) {
        return frame.kind().isWork();
    }

    // ---- the main thread ----

    /** Does work until no more comes. */
    void work() throws IOException {
        while (workNext()) {}
    }

    /** Does what the next message wants. A method of its own: while there is none, no variable holds the last one. */
    private boolean workNext() throws IOException {
        Frame frame = next();
        switch (frame.kind()) {
            case SETUP -> setUp(frame.content());
            case WORK, RELAY -> answer(frame);
            case END -> {
                return false;
            }
            default -> throw new IOException("a message of kind " + frame.kind());
        }
        return true;
    }

    /** The next message. Work has begun from here on. */
    private Frame next() {
        synchronized (lock) {
            while (inbox.isEmpty()) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    // Left over from work that has ended.
                }
            }
            Frame frame = inbox.removeFirst();
            running = isWork(frame) ? frame.number() : 0;
            return frame;
        }
    }

    private void setUp(byte[] content) {
        Setup setup = Setup.decode(content, loader);
        codec = setup.codec();
        main.setName(setup.name());
    }

    private void answer(Frame frame) throws IOException {
        Codec formats = codec;
        if (formats == null) {
            throw new IOException("work before the setup");
        }
        Inflow inflow = frame.inflow();
        coming = inflow;
        Answer answer;
        try {
            Duty duty = Duty.of(formats, frame, loader);
            formats = duty.codec();
            MemoryDirectory.letGo();
            answer = Answer.ofResult(formats, Holds.call(duty.body()), true);
        } catch (Throwable e) {
            answer = Answer.ofFailure(formats, e);
        } finally {
            WorkEnds.tell();
            end();
            coming = null;
        }
        if (inflow == null || inflow.finish()) {
            send(answer.kind(), frame.number(), answer.content());
        } else {
            // What was not decoded as a whole has not begun.
            send(MessageKind.RETURNED, frame.number(), Output.NOTHING);
        }
    }

    private void end() {
        synchronized (lock) {
            running = 0;
            Thread.interrupted();
        }
    }

    /** Sends a message. An interrupt would close the channel, so none may be pending: see {@link #end}. */
    void send(MessageKind kind, long number, Output content) throws IOException {
        synchronized (sending) {
            writer.put(kind, false, number, content);
            writer.flush();
        }
    }

    /**
     * Asks the parent for a class that is not on the class path; null if it has none either. The parent answers while
     * it waits for work.
     *
     * <p>Asked by a thread of its own, since the calling one may be interrupted at any time.
     */
    byte @Nullable [] wantedClass(String name) {
        Inflow held = coming;
        if (held != null) {
            held.hurry(); // the class comes behind what is there of the work
        }
        var found = new CompletableFuture<byte[]>();
        startDaemon("class " + name, () -> ask(name, found));
        byte[] bytes = found.join();
        return bytes.length == 0 ? null : bytes;
    }

    private void ask(String name, CompletableFuture<byte[]> found) {
        synchronized (classes) {
            try {
                send(MessageKind.CLASS_WANTED, running, Output.of(name.getBytes(StandardCharsets.UTF_8)));
                found.complete(classes.take());
            } catch (IOException | InterruptedException e) {
                found.complete(Frame.NOTHING);
            }
        }
    }
}
