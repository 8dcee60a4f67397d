package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the load generator prints is read as numbers, or is refused. */
final class LoadTest {

    private static final String OUTPUT = """
            {"connections":64,"idle":0,"bytes":64,"seconds":1.000,"messages":184115,"per_second":184115.0,\
            "server_cpu_ns":5105.5,"load_cpu_ns":5372.3,"p50_us":339.97,"p99_us":417.79,"p999_us":1859.58,"max_us":5258.23,\
            "unanswered":0,"answers":203117}
            """;

    @Test
    void readsTheRateTheCpuAndThePercentiles() {
        assertEquals(new Load(184_115, 5105.5, 339.97, 417.79, 1859.58, 203_117), Load.parse(OUTPUT));
    }

    @Test
    void anythingElseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Load.parse(OUTPUT.replace("p999_us", "p998_us")));
        assertThrows(IllegalArgumentException.class, () -> Load.parse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "100"})
    void measuresForLongerWhereTheServerAnswersNothingInTheTime(String perSecond) throws Exception {
        assumeTrue(CProgram.COMPILER.isThere().getAsBoolean());
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerTheFirstAndPause(listener));
            Process load = new ProcessBuilder(
                    CProgram.command("load"), "-p", Integer.toString(listener.getLocalPort()), "-c", "1", "-w", "0.01",
                    "-d",
                    "0.05", "-r", perSecond).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String output = new String(load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, load.waitFor());
            assertTrue(Load.parse(output).perSecond() > 0, output);
        }
    }

    private static void answerTheFirstAndPause(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            byte[] bytes = new byte[1 << 16];
            for (int i = 0, read; (read = socket.getInputStream().read(bytes)) > 0; i++) {
                if (i == 1) {
                    Thread.sleep(500);
                }
                socket.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
