package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.process.internal.codec.Answer;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.FrameReader;
import dev.heddle.process.internal.codec.FrameWriter;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Setup;
import dev.heddle.sync.Event;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the connection from this process to the manager of another. Kept until one of them ends.
 *
 * <p>Who calls writes the message itself, as far as the socket takes it at once, so that a call costs one thread switch
 * on this side. A thread of its own connects, reads the answers, and writes what was left. The channel never blocks, so
 * an interrupt of a caller cannot close it.
 *
 * <p>Threads: any.
 */
final class ManagerClient extends PendingCalls {

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    /** The number of calls whose answer nobody wants. */
    private static final long NOBODY = 0;

    private final String address;
    private final ClassLoader loader;
    private final Selector selector;
    private final SocketChannel channel;

    /** Those of whom the manager keeps something, by their numbers. */
    private final Map<Long, Thread> holders = new ConcurrentHashMap<>();

    /** Guards the order of bytes. */
    private final Object sending = new Object();

    private final FrameWriter writer;

    /** Set when the manager has greeted, or the connection has ended. */
    private final Event greeted;

    /** Why it has ended, if that is no end of the manager. */
    private volatile @Nullable RuntimeException unusable;

    private boolean connected;
    private volatile @Nullable Codec codec;
    private volatile String where;
    private volatile long process;

    private ManagerClient(String address, ClassLoader loader, Selector selector, SocketChannel channel) {
        this.address = address;
        this.loader = loader;
        this.selector = selector;
        this.channel = channel;
        this.writer = new FrameWriter(this::write, BUFFER_BYTES);
        this.where = "the manager at " + address;
        this.greeted = Event.named("the connection to " + where);
    }

    /**
     * Makes one that connects soon.
     *
     * @param loader finds the classes of formats
     */
    static ManagerClient open(String address, byte[] secret, ClassLoader loader) {
        ManagerClient connection = make(address, loader);
        connection.send(
                MessageKind.HELLO, 0, Frame.NOTHING,
                ByteBuffer.allocate(Frame.HELLO_BYTES).put(secret).putLong(ProcessHandle.current().pid()).array());
        Thread.ofPlatform().name("manager connection").daemon().inheritInheritableThreadLocals(false)
                .start(connection::run);
        return connection;
    }

    private static ManagerClient make(String address, ClassLoader loader) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                return new ManagerClient(address, loader, Selector.open(), channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ClosedException("no connection to the manager at " + address + " can be made", e);
        }
    }

    // ---- callers ----

    @Override
    public Codec codec() {
        if (codec == null) {
            greeted.await();
        }
        Codec known = codec;
        if (known == null) {
            throw closed();
        }
        return known;
    }

    @Override
    public String where() {
        return where;
    }

    @Override
    long process() {
        return process;
    }

    @Override
    void send(long number, RemoteReference target, CallTable.Entry entry, byte[] arguments) {
        byte[] head = ByteBuffer.allocate(Frame.CALL_BYTES)
                .putLong(Callers.number(Thread.currentThread()))
                .putInt(target.number)
                .putShort((short) entry.number())
                .array();
        send(MessageKind.CALL, number, head, arguments);
    }

    @Override
    public void arrived(RemoteReference target, CallTable.Entry entry) {
        try {
            send(NOBODY, target, entry, Frame.NOTHING);
        } catch (ClosedException e) {
            // As the next call will find.
        }
    }

    @Override
    void sendCancel(long number) {
        tell(MessageKind.CANCEL, number);
    }

    @Override
    public void changed(int object) {
        tell(MessageKind.CHANGED, object);
    }

    private void tell(MessageKind kind, long number) {
        try {
            send(kind, number, Frame.NOTHING, Frame.NOTHING);
        } catch (ClosedException e) {
            // Then so does everything that it could concern.
        }
    }

    @Override
    void answered(Answer answer) {
        if (answer.holding()) {
            Thread caller = Thread.currentThread();
            if (holders.put(Callers.number(caller), caller) == null) {
                wakeUp();
            }
        } else if (!holders.isEmpty()) {
            holders.remove(Callers.number(Thread.currentThread()));
        }
    }

    @Override
    public void callerEnded(Thread caller) {
        if (holders.remove(Callers.number(caller)) != null) {
            tell(MessageKind.CALLER_ENDED, Callers.number(caller));
        }
    }

    /** Sends a frame whose content has two parts. */
    private void send(MessageKind kind, long number, byte[] head, byte[] rest) {
        synchronized (sending) {
            if (isEnded()) {
                throw closed();
            }
            try {
                writer.begin(kind, false, number, head.length + rest.length);
                writer.append(head, 0, head.length);
                writer.append(rest, 0, rest.length);
                if (connected && !writer.flush()) {
                    selector.wakeup();
                }
            } catch (IOException e) {
                // The thread of the connection will see it too.
                throw closed();
            }
        }
    }

    /** Has the thread of the connection look after holders from now on. */
    private void wakeUp() {
        synchronized (sending) {
            if (!isEnded()) {
                selector.wakeup();
            }
        }
    }

    /** Writes what the socket takes now. Under the lock. */
    private void write(ByteBuffer source) throws IOException {
        if (connected) {
            channel.write(source);
        }
    }

    private ClosedException closed() {
        RuntimeException why = unusable;
        if (why != null) {
            return new ClosedException(where + " cannot be used here: " + why.getMessage(), why);
        }
        return new ClosedException(where + " is closed, or its process has ended");
    }

    // ---- the connection's thread ----

    private void run() {
        try (selector; channel) {
            try {
                work();
            } catch (BrokenException e) {
                // Its process has ended inside an answer.
            } catch (RuntimeException e) {
                unusable = e;
            } finally {
                endForAll();
            }
        } catch (IOException | RuntimeException e) {
            // Whatever it was: no more answers come this way.
        }
    }

    /** Before the selector is closed, which nobody may wake then. */
    private void endForAll() {
        ManagerLinks.remove(address, this);
        synchronized (sending) {
            end();
        }
        greeted.set();
    }

    private void work() throws IOException {
        channel.connect(UnixDomainSocketAddress.of(address));
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        var frames = new FrameReader(channel::read, BUFFER_BYTES, MAX_BYTES);
        while (true) {
            key.interestOps(isDrained() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            selector.select(holders.isEmpty() ? 0 : Callers.LOOK_MILLIS);
            selector.selectedKeys().clear();
            for (Frame frame = frames.next(); frame != null || frames.fill(); frame = frames.next()) {
                if (frame != null) {
                    take(frame);
                }
            }
            for (Thread holder : holders.values()) {
                if (Callers.hasEnded(holder)) {
                    callerEnded(holder);
                }
            }
        }
    }

    private boolean isDrained() throws IOException {
        synchronized (sending) {
            connected = true;
            return writer.flush();
        }
    }

    private void take(Frame frame) {
        if (frame.kind() != MessageKind.SETUP) {
            complete(frame.number(), Answer.of(frame));
            return;
        }
        Setup setup = Setup.decode(frame.content(), loader);
        where = setup.name();
        process = setup.process();
        codec = setup.codec();
        greeted.set();
    }
}
