package dev.heddle.quic;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.net.Datagram;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** A router between a client and a server, whose port at the server's side changes when it is told to. */
public final class Router implements AutoCloseable {

    private final UdpSocket inside = Udp.bind("127.0.0.1", 0);
    private ToIntFunction<byte[]> route;
    private UdpSocket outside = Udp.bind("127.0.0.1", 0);
    private InetSocketAddress client = inside.localAddress();
    private boolean losesAnswers;
    private final List<Task<Void>> tasks = new ArrayList<>();

    public Router(int serverPort) {
        route = _ -> serverPort;
        tasks.add(Heddle.spawn(() -> {
            while (true) {
                Datagram packet = inside.receive();
                client = packet.from();
                byte[] bytes = packet.bytes();
                outside.send(bytes, new InetSocketAddress("127.0.0.1", route.applyAsInt(bytes)));
            }
        }));
        tasks.add(backwards(outside));
    }

    private Task<Void> backwards(UdpSocket from) {
        return Heddle.spawn(() -> {
            while (true) {
                byte[] answer = from.receive().bytes();
                if (!losesAnswers) {
                    inside.send(answer, client);
                }
            }
        });
    }

    /** Where the client connects. */
    public int port() {
        return inside.localAddress().getPort();
    }

    /** From now on the client has another address. */
    public void changePort() {
        outside.close();
        outside = Udp.bind("127.0.0.1", 0);
        tasks.add(backwards(outside));
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
        outside.close();
    }
}
