package dev.heddle.process;

import dev.heddle.process.internal.PrivateDirectory;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The main class of a child. It gets the path of its parent's socket and a secret on its standard input, says the
 * secret there, and does work until there is no more, or no parent any more.
 */
final class WorkerMain {

    /** The parent is gone, so there is nobody to tell. */
    static final int ORPHANED = 3;

    private static final int FAILED = 1;

    private WorkerMain() {}

    /** Not for users. */
    public static void main(String[] arguments) throws IOException {
        var stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String path = stdin.readLine();
        String secret = stdin.readLine();
        if (path == null || secret == null) {
            System.err.println(
                    "this is the main class of Heddle's child processes; use ProcessPool or JvmProcess to start them");
            System.exit(2);
        }
        SocketChannel channel = connect(Path.of(path));
        var worker = new Worker(channel, Thread.currentThread());
        worker.send(MessageKind.HELLO, 0, Output.of(HexFormat.of().parseHex(secret)));
        worker.start();
        try {
            worker.work();
        } catch (Throwable e) {
            // At once: threads and hooks that bodies have left would keep a child that does nothing any more.
            e.printStackTrace();
            Runtime.getRuntime().halt(FAILED);
        }
        System.exit(0);
    }

    private static SocketChannel connect(Path socket) throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } finally {
            // The parent does this too, unless it was killed in the meantime.
            PrivateDirectory.of(socket).close();
        }
    }
}
