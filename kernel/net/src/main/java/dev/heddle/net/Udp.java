package dev.heddle.net;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.engine.DatagramEngine;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.Engine;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions that open datagram sockets over UDP, by the engine of the current loop.
 *
 * <pre>{@code
 * try (UdpSocket socket = Udp.connect("127.0.0.1", 7)) {
 *     socket.send("hello");
 *     String answer = timeout(Duration.ofSeconds(1), () -> socket.receive().text());
 * }
 * }</pre>
 *
 * <p>Threads: tasks only; what is made belongs to the current loop.
 */
public final class Udp {

    private Udp() {}

    /** Binds with {@link DatagramOptions#DEFAULT}, as {@link #bind(String, int, DatagramOptions)}. */
    public static UdpSocket bind(String host, int port) {
        return bind(host, port, DatagramOptions.DEFAULT);
    }

    /**
     * Opens a socket that talks with anybody.
     *
     * @param host an address of this machine in its text form, {@code 0.0.0.0} or {@code ::} for all, or a name, of
     *     whose addresses the first is taken; its family is that of the socket, but {@code ::} usually speaks IPv4 too
     * @param port 0 to 65535; 0 picks a free one, see {@link UdpSocket#port}
     * @param options how to open it
     * @throws IllegalArgumentException if the host is neither name nor address, or the port is out of range
     * @throws ListenFailedException if the address cannot be bound
     * @throws ResolveException if the host is a name without an address
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static UdpSocket bind(String host, int port, DatagramOptions options) {
        AddressText.checkPort(port, 0);
        CancelScope.throwIfCancelled();
        var address = new InetSocketAddress(Dns.resolve(host).getFirst(), port);
        try {
            return new UdpSocket(DatagramEngine.of(engine()).datagrams(address, options), options);
        } catch (IOException e) {
            throw new ListenFailedException(AddressText.text(address), e);
        }
    }

    /** Connects with {@link DatagramOptions#DEFAULT}, as {@link #connect(String, int, DatagramOptions)}. */
    public static UdpSocket connect(String host, int port) {
        return connect(host, port, DatagramOptions.DEFAULT);
    }

    /**
     * Opens a socket that talks with one peer only: it gets no datagram of others, and hears when the network cannot
     * deliver. Nothing is sent, so success says only that there is a way to an address of the host; the first one with
     * a way is taken.
     *
     * @param host a name or an address in its text form
     * @param port 1 to 65535
     * @param options how to open it
     * @throws IllegalArgumentException as {@link #bind(String, int, DatagramOptions)}
     * @throws ConnectFailedException if the host has no address, or there is no way to any of them
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public static UdpSocket connect(String host, int port, DatagramOptions options) {
        AddressText.checkPort(port, 1);
        CancelScope.throwIfCancelled();
        String target = AddressText.text(host, port);
        List<ConnectFailedException.Attempt> attempts = new ArrayList<>();
        for (InetAddress address : resolve(host, target)) {
            var remote = new InetSocketAddress(address, port);
            try {
                return connect(remote, options);
            } catch (IOException e) {
                attempts.add(new ConnectFailedException.Attempt(remote, e));
            }
        }
        throw new ConnectFailedException(target, ConnectFailedException.Phase.CONNECT, "no way to it", attempts);
    }

    private static List<InetAddress> resolve(String host, String target) {
        try {
            return Dns.resolve(host);
        } catch (ResolveException e) {
            throw new ConnectFailedException(target, e);
        }
    }

    private static UdpSocket connect(InetSocketAddress remote, DatagramOptions options) throws IOException {
        InetAddress any = InetAddress.ofLiteral(remote.getAddress() instanceof Inet4Address ? "0.0.0.0" : "::");
        Datagrams datagrams = DatagramEngine.of(engine()).datagrams(new InetSocketAddress(any, 0), options);
        try {
            datagrams.connect(remote);
            return new UdpSocket(datagrams, options, remote);
        } catch (Throwable e) {
            datagrams.close();
            throw e;
        }
    }

    private static Engine engine() {
        return Heddle.currentLoop().engine();
    }
}
