package dev.heddle.quic;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.net.Datagram;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/** A router between a client and a server, whose port at the server's side changes when it is told to. */
public final class Router implements AutoCloseable {

    /** A port at the server's side, and how much has gone through it. */
    private static final class Outside {

        private final UdpSocket socket;
        private long sentBytes;
        private long answeredBytes;
        private boolean amplified;

        private Outside(UdpSocket socket) {
            this.socket = socket;
        }
    }

    /** As many addresses as a connection may have. */
    private static final int PORTS = 8;

    private final String host;
    private final String serverHost;
    private final UdpSocket inside;
    private ToIntFunction<byte[]> route;
    private final List<Outside> outsides = new ArrayList<>();
    private Outside current;
    private InetSocketAddress client;
    private boolean losesAnswers;
    private final Set<InetAddress> answeredFrom = new HashSet<>();
    private final List<Task<Void>> tasks = new ArrayList<>();

    public Router(int serverPort) {
        this("127.0.0.1", new InetSocketAddress("127.0.0.1", serverPort));
    }

    /** @param host the router's own address */
    public Router(String host, InetSocketAddress server) {
        this.host = host;
        serverHost = server.getAddress().getHostAddress();
        inside = Udp.bind(host, 0);
        client = inside.localAddress();
        route = _ -> server.getPort();
        current = outside();
        for (int i = 1; i < PORTS; i++) {
            outside(); // all by the task that opens it, since they live as long as that
        }
        tasks.add(Heddle.spawn(() -> {
            while (true) {
                Datagram packet = inside.receive();
                client = packet.from();
                byte[] bytes = packet.bytes();
                Outside by = current;
                by.sentBytes += bytes.length;
                by.socket.send(bytes, new InetSocketAddress(serverHost, route.applyAsInt(bytes)));
            }
        }));
    }

    private Outside outside() {
        var made = new Outside(Udp.bind(host, 0));
        outsides.add(made);
        tasks.add(Heddle.spawn(() -> {
            try {
                while (true) {
                    Datagram packet = made.socket.receive();
                    byte[] answer = packet.bytes();
                    answeredFrom.add(packet.from().getAddress());
                    made.answeredBytes += answer.length;
                    made.amplified |= made.answeredBytes > 3 * made.sentBytes;
                    if (!losesAnswers && made == current) {
                        inside.send(answer, client);
                    }
                }
            } catch (ClosedException e) {
                // The port is given up.
            }
        }));
        return made;
    }

    /** Where the client connects. */
    public int port() {
        return inside.localAddress().getPort();
    }

    /** From now on the client has another address; what comes to the last one is lost. */
    public void changePort() {
        current.socket.close();
        current = outside();
    }

    /** From now on the client has this one of the addresses that the router has for it from the start, 0 to 7. */
    public void usePort(int number) {
        current = outsides.get(number);
    }

    /** How many bytes the client has sent from one of its addresses. */
    public long sentBytes(int number) {
        return outsides.get(number).sentBytes;
    }

    /** How many bytes came for it there. */
    public long answeredBytes(int number) {
        return outsides.get(number).answeredBytes;
    }

    /** Whether more than three times as much has come for it there, at any time, as it had sent from there. */
    public boolean amplified(int number) {
        return outsides.get(number).amplified;
    }

    /** From which addresses the server has answered. */
    public Set<InetAddress> answeredFrom() {
        return answeredFrom;
    }

    /** Waits until so many bytes more have gone through in both directions. */
    public void awaitPassed(long bytes) {
        long until = passed() + bytes;
        while (passed() < until) {
            Heddle.sleep(Duration.ofMillis(1));
        }
    }

    private long passed() {
        return outsides.stream().mapToLong(each -> each.sentBytes + each.answeredBytes).sum();
    }

    /** From now on its packets come to another socket of the server. */
    public void sendTo(int serverPort) {
        sendBy(_ -> serverPort);
    }

    /** To which port of the server each of its packets comes. */
    public void sendBy(ToIntFunction<byte[]> port) {
        route = port;
    }

    /** Whether what the server sends is lost. */
    public void loseAnswers(boolean whether) {
        losesAnswers = whether;
    }

    @Override
    public void close() {
        tasks.forEach(task -> task.cancel("the router goes"));
        inside.close();
        outsides.forEach(each -> each.socket.close());
    }
}
