package dev.heddle.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.heddle.conformance.LeavesNothing;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The first test of a JVM that leaves nothing passes, and one that leaves a descriptor fails. */
@Tag("full")
final class FirstTestTest {

    /** Does for the first time what the JDK keeps descriptors for. */
    @LeavesNothing
    static final class Right {

        @Test
        void usesTheJdk() throws Exception {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Thread accepting = Thread.ofVirtual().start(() -> {
                    try (Socket peer = server.accept()) {
                        peer.getInputStream().read();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                try (var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                    Thread.sleep(20);
                    client.getOutputStream().write(1);
                }
                accepting.join();
            }
            AsynchronousSocketChannel.open().close();
            new SecureRandom().nextInt();
            // As the loader of the program does with the jar of a class that is needed only now.
            URL jar = Test.class.getProtectionDomain().getCodeSource().getLocation();
            new URLClassLoader(new URL[]{jar}, null).loadClass(Test.class.getName());
        }
    }

    @LeavesNothing
    static final class Leaking {

        private static FileInputStream left;

        @Test
        void leavesAFile() throws Exception {
            left = new FileInputStream("/dev/null");
        }
    }

    /** Runs a class of tests, and prints what failed. */
    public static void main(String[] args) throws Exception {
        List<String> failures = new ArrayList<>();
        LauncherFactory.create().execute(
                LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Class.forName(args[0]))).build(),
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        result.getThrowable().ifPresent(e -> failures.add(test.getDisplayName() + " " + e));
                    }
                });
        failures.forEach(System.out::println);
        System.out.println(failures.size() + " failed");
        System.exit(0);
    }

    private static List<String> run(Class<?> tests) throws Exception {
        Process child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                FirstTestTest.class.getName(), tests.getName())
                .redirectErrorStream(true)
                .start();
        return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void firstTestOfAJvmThatLeavesNothingPasses() throws Exception {
        List<String> printed = run(Right.class);
        assertEquals("0 failed", printed.getLast(), printed::toString);
    }

    @Test
    void firstTestOfAJvmThatLeavesADescriptorFails() throws Exception {
        List<String> printed = run(Leaking.class);
        assertEquals("1 failed", printed.getLast(), printed::toString);
    }
}
