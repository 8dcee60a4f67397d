// Non-blocking I/O: a read that finds nothing says so at once, and the program asks again and again.
// Answers Threads, processes, coroutines, asyncio, program 26: the second of the five I/O models of Unix, in plain Java. The processor is busy with asking.

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

void main() throws Exception {
    try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        Thread peer = Thread.ofPlatform().start(() -> sayLater(server.socket().getLocalPort()));
        try (SocketChannel socket = server.accept()) {
            socket.configureBlocking(false);
            ByteBuffer bytes = ByteBuffer.allocate(100);
            int asked = 1;
            while (socket.read(bytes) == 0) {                          // nothing yet, and no wait
                asked++;
                Thread.onSpinWait();
            }
            IO.println("read: " + new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
            IO.println(asked > 1 ? "asked many times" : "asked once");
        }
        peer.join();
    }
}

void sayLater(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        Thread.sleep(100);
        socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
    } catch (Exception e) {
        throw new IllegalStateException(e);
    }
}
