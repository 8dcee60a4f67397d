package dev.heddle.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLServerSocket;

/**
 * An echo server of blocking sockets, with or without TLS: a virtual thread for each connection, on the JDK's own
 * scheduler.
 */
final class EchoThreads {

    private EchoThreads() {}

    static EchoMain.Ready start() throws IOException {
        return start(new ServerSocket(0, EchoMain.BACKLOG, InetAddress.getLoopbackAddress()));
    }

    /** With TLS, whose handshake is a part of the first read. */
    static EchoMain.Ready startTls() throws IOException, GeneralSecurityException {
        SSLServerSocket listener = (SSLServerSocket) TlsCertificate.load()
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, EchoMain.BACKLOG, InetAddress.getLoopbackAddress());
        listener.setEnabledProtocols(new String[]{TlsCertificate.PROTOCOL});
        listener.setEnabledCipherSuites(new String[]{TlsCertificate.CIPHER_SUITE});
        return start(listener);
    }

    private static EchoMain.Ready start(ServerSocket listener) {
        Thread.startVirtualThread(() -> accept(listener));
        return new EchoMain.Ready(listener.getLocalPort(), "threads");
    }

    private static void accept(ServerSocket listener) {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.startVirtualThread(() -> echo(socket));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void echo(Socket socket) {
        byte[] buffer = new byte[EchoMain.BUFFER_BYTES];
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // The clients end their connections with a reset.
        }
    }
}
