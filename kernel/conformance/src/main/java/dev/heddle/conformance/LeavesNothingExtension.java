package dev.heddle.conformance;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.os.Subprocess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The extension behind {@link LeavesNothing}. */
final class LeavesNothingExtension
        implements
            BeforeAllCallback,
            BeforeEachCallback,
            AfterEachCallback,
            AfterAllCallback {

    private static final ExtensionContext.Namespace OWN = ExtensionContext.Namespace.create(LeavesNothing.class);

    /** What one loop may keep for its streams, which goes with the loop, and what the JDK keeps for each thread. */
    private static final long DIRECT_BYTES_OF_OTHERS = 1 << 20;

    private static final int TRIES = 500;

    /** Where the system shows what is open, proc(5). */
    private static final Path SHOWN = Path.of("/proc/self/fd");

    /** Descriptors that are nobody's leak: a class that is loaded opens its jar, and this look opens a directory. */
    private static final Pattern NOT_COUNTED = Pattern.compile(".*\\.jar|/proc/\\d+/fd|/dev/u?random");

    private record Before(long descriptors, long directBytes) {}

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        openWhatStays();
        var before = new Before(descriptors(), LeftoverCheck.directBytes());
        context.getStore(OWN).put(context.getUniqueId(), before);
    }

    /**
     * The JDK opens some descriptors with the first connection, the first that a virtual thread waits for, the first
     * asynchronous channel and the first secure random number; and Heddle one with the first process, to its guard. They
     * stay.
     */
    private static void openWhatStays() throws Exception {
        new SecureRandom().nextInt();
        waitInAVirtualThread();
        AsynchronousSocketChannel.open().close();
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            Subprocess.run("true");
            try (Listener listener = Tcp.listen(0);
                    ByteStream client = Tcp.connect("127.0.0.1", listener.port());
                    ByteStream server = listener.accept()) {
                client.write("x");
                server.readExactly(1);
            }
        });
    }

    private static void waitInAVirtualThread() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread accepting = Thread.ofVirtual().start(() -> {
                try {
                    server.accept().close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            while (accepting.getState() != Thread.State.WAITING && accepting.isAlive()) {
                Thread.sleep(1);
            }
            new Socket(server.getInetAddress(), server.getLocalPort()).close();
            accepting.join();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(OWN).put(context.getUniqueId(), new Before(descriptors(), 0));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        long before = before(context).descriptors();
        if (!comesTrue(() -> descriptors() <= before, false)) {
            throw new AssertionError(
                    descriptors() + " descriptors are open, there were " + before + "; now: " + open());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        long most = before(context).directBytes() + DIRECT_BYTES_OF_OTHERS;
        if (!comesTrue(() -> LeftoverCheck.directBytes() <= most, true)) {
            throw new AssertionError(
                    "direct buffers hold " + LeftoverCheck.directBytes() + " bytes, at most " + most
                            + " were expected");
        }
    }

    private static Before before(ExtensionContext context) {
        return context.getStore(OWN).get(context.getUniqueId(), Before.class);
    }

    private static boolean comesTrue(BooleanSupplier condition, boolean collect) throws InterruptedException {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (i == TRIES) {
                return false;
            }
            if (collect) {
                // A new loop lets go of what was kept for loops that are gone.
                Heddle.run(() -> LeftoverCheck.check());
                System.gc();
            }
            Thread.sleep(10);
        }
        return true;
    }

    private static long descriptors() {
        return Files.isDirectory(SHOWN) ? open().size() : LeftoverCheck.openDescriptors();
    }

    /** What is open and counts. */
    private static List<String> open() {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(SHOWN)) {
            for (Path link : links) {
                addTo(open, link);
            }
        } catch (IOException e) {
            open.add("unknown: " + e);
        }
        return open;
    }

    private static void addTo(List<String> open, Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            if (!NOT_COUNTED.matcher(target).matches()) {
                open.add(link.getFileName() + " " + target);
            }
        } catch (IOException e) {
            // Closed meanwhile.
        }
    }
}
