package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.work.Marshaller;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A child is told as what became of it: it died, by itself or of a signal, or was killed since its connection failed,
 * whether that ended or was cut inside a message, and whether that was before it was ready or in the middle of work.
 */
@Tag("full")
@LeavesNothing
final class WorkerEndsTest {

    /** What the child does. */
    enum Deed {
        EXITS("died, exit code 7") {
            @Override
            void play(SocketChannel channel) {
                Runtime.getRuntime().halt(7);
            }
        },
        EXITS_INSIDE_A_MESSAGE("died, exit code 7") {
            @Override
            void play(SocketChannel channel) throws IOException {
                halfAMessage(channel);
                Runtime.getRuntime().halt(7);
            }
        },
        IS_KILLED("died, by signal 9 (SIGKILL") {
            @Override
            void play(SocketChannel channel) throws Exception {
                kill();
            }
        },
        IS_KILLED_INSIDE_A_MESSAGE("died, by signal 9 (SIGKILL") {
            @Override
            void play(SocketChannel channel) throws Exception {
                halfAMessage(channel);
                kill();
            }
        },
        CLOSES("was killed, since its connection failed: the connection is closed") {
            @Override
            void play(SocketChannel channel) throws Exception {
                channel.close();
                Thread.sleep(Duration.ofMinutes(1));
            }
        },
        HALF_CLOSES("was killed, since its connection failed: the connection is closed") {
            @Override
            void play(SocketChannel channel) throws Exception {
                channel.shutdownOutput();
                Thread.sleep(Duration.ofMinutes(1));
            }
        },
        HALF_CLOSES_INSIDE_A_MESSAGE(
                "was killed, since its connection failed: the connection was closed inside a message") {
            @Override
            void play(SocketChannel channel) throws Exception {
                halfAMessage(channel);
                channel.shutdownOutput();
                Thread.sleep(Duration.ofMinutes(1));
            }
        };

        private final String told;

        Deed(String told) {
            this.told = told;
        }

        abstract void play(SocketChannel channel) throws Exception;

        private static void halfAMessage(SocketChannel channel) throws IOException {
            channel.write(ByteBuffer.allocate(10).putInt(100).put((byte) MessageKind.RESULT.ordinal()).flip());
        }

        private static void kill() throws Exception {
            new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start().waitFor();
            Thread.sleep(Duration.ofMinutes(1));
        }
    }

    /** When it does it. */
    enum Moment {
        BEFORE_IT_IS_READY,
        IN_ITS_WORK
    }

    /** The child: says who it is, if wanted, takes work, and ends. */
    public static void main(String[] arguments) throws Exception {
        var stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String path = stdin.readLine();
        byte[] secret = HexFormat.of().parseHex(stdin.readLine());
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        if (Moment.valueOf(arguments[1]) == Moment.IN_ITS_WORK) {
            channel.write(ByteBuffer.allocate(Frame.FULL_HEAD_BYTES + secret.length)
                    .putInt(Frame.HEAD_BYTES + secret.length).put((byte) MessageKind.HELLO.ordinal()).putLong(0)
                    .put(secret).flip());
            var in = new DataInputStream(Channels.newInputStream(channel));
            in.readNBytes(in.readInt()); // the setup
            in.readNBytes(in.readInt()); // the work
        }
        Deed.valueOf(arguments[0]).play(channel);
    }

    @Test
    void childIsToldAsWhatBecameOfIt() {
        Heddle.run(() -> {
            List<Task<Void>> cells = new ArrayList<>();
            for (Deed deed : Deed.values()) {
                for (Moment moment : Moment.values()) {
                    cells.add(Heddle.spawn(deed + " " + moment, () -> assertTold(deed, moment)));
                }
            }
            cells.forEach(Task::join);
        });
    }

    private static void assertTold(Deed deed, Moment moment) {
        var launched = new AtomicReference<WorkerProcess.Launched>();
        var died = assertThrows(WorkerDiedException.class, () -> {
            WorkerProcess child = WorkerProcess.start(start(deed, moment), launched::set);
            child.during(() -> child.run(Output.of(new byte[100])));
        });
        assertTrue(died.getMessage().contains(") " + deed.told), died.getMessage());
        assertEquals(deed.told.contains("failed"), died.getCause() != null);
        assertEquals(deed.told.contains("failed"), died.exitCode().isEmpty());
        Heddle.await(launched.get().process().onExit()); // it was killed, and may need a moment
    }

    private static WorkerProcess.Start start(Deed deed, Moment moment) {
        return new WorkerProcess.Start(
                "child",
                () -> {
                    List<String> command = new ArrayList<>(
                            JavaCommand.of(WorkerEndsTest.class, List.of("-XX:TieredStopAtLevel=1", "-Xmx64m")));
                    command.addAll(List.of(deed.name(), moment.name()));
                    return command;
                },
                () -> null,
                Marshaller.of(1000, List.of()),
                new ChildOutput("child", (_, _, _) -> {}),
                Duration.ofSeconds(5));
    }
}
