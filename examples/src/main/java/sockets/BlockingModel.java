// Blocking I/O: the thread that reads stands still until the bytes are there, so each connection needs a thread.
// Answers Threads, processes, coroutines, asyncio, program 26: the first of the five I/O models of Unix, in plain Java.

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

void main() throws Exception {
    try (var server = new ServerSocket(0)) {
        Thread peer = Thread.ofPlatform().start(() -> sayLater(server.getLocalPort()));
        try (Socket socket = server.accept()) {
            byte[] bytes = new byte[100];
            int count = socket.getInputStream().read(bytes);          // the thread waits here, and does nothing else
            IO.println("read: " + new String(bytes, 0, count, StandardCharsets.UTF_8));
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
