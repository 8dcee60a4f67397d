package dev.heddle.net;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.io.ByteStream;
import dev.heddle.io.internal.StreamSight;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The implementation of a socket of {@link LoopSocketFactory}: its bytes and options. */
final class LoopSocketImpl extends SocketImpl {

    private static final Duration NEXT_TURN = Duration.ofNanos(1);

    private final SocketSettings settings = new SocketSettings();
    private volatile @Nullable Loop loop;
    private volatile @Nullable ByteStream stream;
    private volatile boolean closed;
    private boolean inputShut;

    /** What a close cancels while it connects; null else. */
    private volatile @Nullable CancelScope connecting;

    /** What a shut input cancels while a task reads; null else. */
    private @Nullable CancelScope reading;

    // ---- connecting ----

    @Override
    protected void create(boolean isStream) throws SocketException {
        if (!isStream) {
            throw new SocketException("only stream sockets can be had");
        }
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        connect(InetSocketAddress.createUnresolved(host, port), 0);
    }

    @Override
    protected void connect(InetAddress address, int port) throws IOException {
        connect(new InetSocketAddress(address, port), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int timeoutMillis) throws IOException {
        if (!(remote instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("not an Internet address: " + remote);
        }
        Loop here = here();
        ByteStream connected = connectUnlessClosed(here, inet, timeoutMillis);
        InetSocketAddress to = SocketFailures.address(connected.remoteAddress());
        address = inet.isUnresolved() ? to.getAddress() : inet.getAddress();
        port = inet.getPort();
        localport = SocketFailures.address(connected.localAddress()).getPort();
        loop = here;
        stream = connected;
        if (closed) {
            connected.abort();
            throw new SocketException("Socket closed");
        }
    }

    private ByteStream connectUnlessClosed(Loop here, InetSocketAddress remote, int timeoutMillis)
            throws IOException {
        try {
            return within(timeoutMillis, "Connect timed out", scope -> {
                connecting = scope;
                if (closed) {
                    throw new SocketException("Socket closed");
                }
                return SocketFailures.connecting(() -> open(here, remote));
            }).orElseThrow(() -> new SocketException("Socket closed"));
        } finally {
            connecting = null;
        }
    }

    private static ByteStream open(Loop here, InetSocketAddress remote) throws IOException {
        if (!remote.isUnresolved()) {
            return StreamSight.watched(new ByteStream(here.engine().connect(remote)));
        }
        SocketFailures.checkHost(remote.getHostString());
        return Tcp.connect(remote.getHostString(), remote.getPort());
    }

    private static Loop here() {
        try {
            return Heddle.currentLoop();
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "a socket of Tcp.socketFactory() is used by " + Thread.currentThread()
                            + ", which is no task: use it in tasks, or take a socket of the JDK",
                    e);
        }
    }

    private ByteStream connected() throws SocketException {
        ByteStream open = stream;
        if (open == null) {
            throw new SocketException("Socket is not connected");
        }
        Loop here = here();
        if (here != loop) {
            throw new IllegalStateException("the socket to " + open.remoteAddress() + " belongs to tasks of "
                    + Objects.requireNonNull(loop).name() + ", and is used on " + here.name());
        }
        return open;
    }

    /** Runs a body until it is done, or its time is over, or its scope is cancelled: then it is empty. */
    private <T> Optional<T> within(int timeoutMillis, String otherwise, CancelScope.Body<? extends T> body)
            throws IOException {
        boolean[] expired = new boolean[1];
        try {
            Optional<T> result = CancelScope.open(scope -> {
                if (timeoutMillis > 0) {
                    scope.deadlineAfter(Duration.ofMillis(timeoutMillis));
                }
                try {
                    return body.run(scope);
                } finally {
                    expired[0] = scope.hasExpired();
                }
            });
            if (result.isEmpty() && expired[0]) {
                throw new SocketTimeoutException(otherwise);
            }
            return result;
        } catch (Exception e) {
            throw SocketFailures.asIo(e, stream);
        }
    }

    // ---- bytes ----

    @Override
    protected InputStream getInputStream() {
        return new In();
    }

    @Override
    protected OutputStream getOutputStream() {
        return new Out();
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            ByteStream from = connected();
            if (length == 0) {
                return 0;
            }
            if (inputShut) {
                return -1;
            }
            CancelScope before = reading;
            try {
                return within(settings.timeoutMillis(), "Read timed out", scope -> {
                    reading = scope;
                    return from.read(target, offset, length);
                }).orElse(-1);
            } finally {
                reading = before;
            }
        }

        @Override
        public int available() throws IOException {
            return LoopSocketImpl.this.available();
        }

        @Override
        public void close() {
            LoopSocketImpl.this.close();
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            ByteStream to = connected();
            try {
                to.write(source, offset, length);
            } catch (RuntimeException e) {
                throw SocketFailures.asIo(e, to);
            }
        }

        @Override
        public void close() {
            LoopSocketImpl.this.close();
        }
    }

    /** The system cannot be asked, but it can be read from for one turn of the loop. */
    @Override
    protected int available() throws IOException {
        ByteStream from = connected();
        if (inputShut) {
            return 0;
        }
        try {
            if (!from.buffered().hasRemaining()) {
                Heddle.moveOnAfter(NEXT_TURN, () -> {
                    from.fill();
                });
            }
            return from.buffered().remaining();
        } catch (BusyException e) {
            return 0;
        } catch (RuntimeException e) {
            throw SocketFailures.asIo(e, from);
        }
    }

    // ---- the end ----

    @Override
    protected void shutdownInput() throws IOException {
        connected();
        inputShut = true;
        if (reading != null) {
            reading.cancel("the input is shut");
        }
    }

    @Override
    protected void shutdownOutput() throws IOException {
        ByteStream to = connected();
        try {
            to.closeOutput();
        } catch (RuntimeException e) {
            throw SocketFailures.asIo(e, to);
        }
    }

    /** From any thread: libraries close sockets from timers, and pools from housekeepers. */
    @Override
    protected void close() {
        closed = true;
        CancelScope trying = connecting;
        if (trying != null) {
            trying.cancel("the socket is closed");
        }
        Loop owner = loop;
        ByteStream open = stream;
        if (owner == null || open == null) {
            return;
        }
        Runnable closing = settings.dropsUnsent() ? open::abort : open::close;
        if (isHere(owner)) {
            closing.run();
            return;
        }
        try {
            owner.callFromThread(closing);
        } catch (IllegalStateException e) {
            // The loop has ended, and its engine has closed all it held.
        }
    }

    private static boolean isHere(Loop owner) {
        try {
            return Heddle.currentLoop() == owner;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    // ---- options ----

    @Override
    public void setOption(int option, Object value) throws SocketException {
        settings.set(option, value);
    }

    @Override
    public Object getOption(int option) throws SocketException {
        ByteStream open = stream;
        return option == SO_BINDADDR && open != null
                ? SocketFailures.address(open.localAddress()).getAddress()
                : settings.get(option);
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        setOption(SocketSettings.number(option), value);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        return (T) getOption(SocketSettings.number(option));
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return SocketSettings.SUPPORTED;
    }

    // ---- what there is not ----

    @Override
    protected void bind(InetAddress host, int localPort) throws SocketException {
        if (!host.isAnyLocalAddress() || localPort != 0) {
            throw new SocketException("a socket of Tcp.socketFactory() cannot be bound; the system picks its address");
        }
    }

    @Override
    protected void listen(int backlog) throws SocketException {
        throw new SocketException("a socket of Tcp.socketFactory() only connects; use Tcp.listen");
    }

    @Override
    protected void accept(SocketImpl accepted) throws SocketException {
        listen(0);
    }

    @Override
    protected void sendUrgentData(int data) throws SocketException {
        throw new SocketException("a socket of Tcp.socketFactory() has no urgent data");
    }
}
