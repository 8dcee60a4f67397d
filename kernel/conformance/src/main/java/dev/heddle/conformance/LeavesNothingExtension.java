package dev.heddle.conformance;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.NioEngine;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.os.Subprocess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
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

    private record Before(long descriptors, long directBytes) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        openWhatStays();
        var before = new Before(LeftoverCheck.openDescriptors(), LeftoverCheck.directBytes());
        context.getStore(OWN).put(context.getUniqueId(), before);
    }

    /**
     * The JDK opens some descriptors with the first connection and the first secure random number, and Heddle one with
     * the first process, to its guard. They stay.
     */
    private static void openWhatStays() {
        new SecureRandom().nextInt();
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

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(OWN).put(context.getUniqueId(), new Before(LeftoverCheck.openDescriptors(), 0));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        long before = before(context).descriptors();
        if (!comesTrue(() -> LeftoverCheck.openDescriptors() <= before, false)) {
            throw new AssertionError(
                    LeftoverCheck.openDescriptors() + " descriptors are open, there were " + before + "; now: "
                            + open());
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

    /** What is open, where the system has a place for it, proc(5). */
    private static List<String> open() {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                open.add(link.getFileName() + " " + Files.readSymbolicLink(link));
            }
        } catch (IOException e) {
            open.add("unknown: " + e);
        }
        return open;
    }
}
