package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** A server over mutual TLS that answers one byte to the first and another one when so many more have come. */
final class TlsSinkMain {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS = 10;

    private TlsSinkMain() {}

    public static void main(String[] arguments) throws GeneralSecurityException, IOException {
        int bytes = Integer.parseInt(arguments[0]);
        TlsCertificate.load(); // which takes its time where there is none yet
        Heddle.run(() -> {
            int port = Ports.free();
            try (Listener listener = ClusterNode.listen(port)) {
                Heddle.spawn(() -> listener.serve(MAX_CONNECTIONS, stream -> take(stream, bytes)));
                System.out.println("ready " + port);
                Heddle.offload(() -> {
                    while (System.in.read() >= 0) {}
                });
            }
        });
    }

    private static void take(ByteStream stream, int bytes) {
        stream.write(stream.readExactly(1));
        byte[] buffer = new byte[BUFFER_BYTES];
        int left = bytes;
        while (left > 0) {
            int count = stream.read(buffer);
            if (count < 0) {
                return;
            }
            left -= count;
        }
        stream.write(new byte[1]);
    }
}
