package dev.heddle.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * A factory of {@link Socket}s whose bytes go by the engine of the current loop, for libraries that block: database
 * drivers, mail and directory clients. Libraries take it as an object or, since it has a public constructor, by its
 * class name.
 *
 * <pre>{@code
 * properties.setProperty("socketFactory", "dev.heddle.net.LoopSocketFactory");       // PostgreSQL's JDBC driver
 * Connection connection = run(() -> DriverManager.getConnection(url, properties));
 * }</pre>
 *
 * <p><b>When to use it.</b> The JDK's own sockets work in tasks too: a task that waits in one gives its loop away. But
 * each such wait goes by the JDK's poller thread, which then wakes the loop from outside; these sockets are woken by
 * the loop's own look at its engine. That pays where a library makes many short exchanges; it also makes host names be
 * looked up off the loop, tries a host's addresses side by side, and works in the simulator. It does not pay for few
 * big transfers, and cannot be used where a library reads in threads of its own.
 *
 * <p>What a {@link Socket} documents holds, with these limits: a socket cannot be bound before it connects, has no
 * channel and no urgent data; {@code TCP_NODELAY} is always on; linger zero is heeded; {@code SO_KEEPALIVE}, buffer
 * sizes and the traffic class are kept and given back, but do nothing. For TLS, put {@code
 * SSLSocketFactory.createSocket(socket, host, port, true)} on top.
 *
 * <p>Threads: a socket is connected, read and written by tasks of one loop, else there is an {@link
 * IllegalStateException}; any thread may close it.
 *
 * <p>Cancellation: as the JDK does for an interrupt: the socket is closed and the call fails with a {@link
 * SocketException}, since such a library knows no other way to learn that its exchange was cut off. The next waiting
 * call of the task throws the cancel again.
 *
 * <p>To test code that uses it, run it against a listener in the simulator.
 */
public final class LoopSocketFactory extends SocketFactory {

    /** A factory; all are alike. */
    public LoopSocketFactory() {}

    /** A socket that is not connected yet. */
    @Override
    public Socket createSocket() throws SocketException {
        return new LoopSocket();
    }

    /** Connects to a host, trying its addresses as {@link Tcp#connect(String, int)} does. */
    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(InetSocketAddress.createUnresolved(host, port));
    }

    /** Connects to an address. */
    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    /** Refused, unless the local address and port leave all to the system. */
    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return bound(localHost, localPort, InetSocketAddress.createUnresolved(host, port));
    }

    /** Refused, unless the local address and port leave all to the system. */
    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return bound(localHost, localPort, new InetSocketAddress(host, port));
    }

    private static Socket bound(InetAddress localHost, int localPort, InetSocketAddress remote) throws IOException {
        var socket = new LoopSocket();
        socket.bind(new InetSocketAddress(localHost, localPort));
        socket.connect(remote);
        return socket;
    }

    private static Socket connected(InetSocketAddress remote) throws IOException {
        var socket = new LoopSocket();
        socket.connect(remote);
        return socket;
    }

    /** All of a socket's states are kept by the JDK's class; what moves bytes is the {@link LoopSocketImpl}. */
    private static final class LoopSocket extends Socket {
        LoopSocket() throws SocketException {
            super(new LoopSocketImpl());
        }
    }
}
