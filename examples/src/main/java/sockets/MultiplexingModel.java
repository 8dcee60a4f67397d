// I/O multiplexing: one wait for many connections, which says which of them are ready; then they are read.
// Answers Threads, processes, coroutines, asyncio, program 26: the third of the five I/O models of Unix: select, poll, epoll. Heddle's loops do this; a Poller shows it bare.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import dev.heddle.net.Tcp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

void main() {
    run(this::readThree);
}

void readThree() throws Exception {
    try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Poller<String> poller = Poller.open()) {
        int port = server.socket().getLocalPort();
        List<ByteStream> peers = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            peers.add(Tcp.connect("127.0.0.1", port));
            SocketChannel socket = server.accept();
            socket.configureBlocking(false);
            poller.add(socket, Poller.READABLE, name);
        }
        for (int next : new int[]{1, 2, 0}) {
            peers.get(next).write("hello");
            for (PollKey<String> key : poller.await()) {               // waits for all three at once
                IO.println(key.attachment() + " is ready: " + read((SocketChannel) key.channel().orElseThrow()));
            }
        }
        poller.keys().forEach(this::close);
        peers.forEach(ByteStream::close);
    }
}

String read(SocketChannel socket) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(100);
    socket.read(bytes);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
}

void close(PollKey<String> key) {
    try (SocketChannel _ = (SocketChannel) key.channel().orElseThrow()) {
        key.close();
    } catch (Exception e) {
        throw new IllegalStateException(e);
    }
}
