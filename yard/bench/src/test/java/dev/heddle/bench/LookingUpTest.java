package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.bench.NameClient.Names;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The name server of the benchmark loses the same questions for whoever asks, and each client finds all names. */
final class LookingUpTest {

    private static final int NAMES = 200;
    private static final int PERCENT = 5;

    @BeforeEach
    void needsACompilerAndPinning() {
        assumeTrue(CProgram.COMPILER.isThere().getAsBoolean() && Need.find("taskset").isPresent());
    }

    @Test
    void firstQuestionAboutSomeNamesIsLostAndNoOther() throws IOException {
        try (ServerProcess server = LookingUp.server(LookingUp.LOOPBACK, 0, PERCENT)) {
            Set<Integer> lost = lost(server, new Names(Names.LOSSY, 1, NAMES));
            assertTrue(lost.size() >= NAMES * PERCENT / 100 / 2 && lost.size() <= NAMES * PERCENT / 100 * 2,
                    lost::toString);
            assertEquals(Set.of(), lost(server, new Names(Names.LOSSY, 1, NAMES)));
            assertEquals(lost, lost(server, new Names(Names.LOSSY, 2, NAMES)));
            assertEquals(Set.of(), lost(server, new Names(Names.WARM, 3, NAMES)));
        }
    }

    /** The names whose one question has no answer. The server answers in order, so one that is never lost ends the wait. */
    private static Set<Integer> lost(ServerProcess server, Names names) throws IOException {
        try (var socket = new DatagramSocket()) {
            Set<Integer> left = new HashSet<>();
            for (int i = 0; i < names.count(); i++) {
                left.add(i);
                send(socket, server, i, names.name(i));
            }
            send(socket, server, names.count(), "w.end.test");
            while (true) {
                var answer = new DatagramPacket(new byte[512], 512);
                socket.receive(answer);
                int id = ByteBuffer.wrap(answer.getData()).getShort();
                if (id == names.count()) {
                    return left;
                }
                left.remove(id);
            }
        }
    }

    private static void send(DatagramSocket socket, ServerProcess server, int id, String name) throws IOException {
        var message = new ByteArrayOutputStream();
        message.write(new byte[]{(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.", -1)) {
            message.write(label.length());
            message.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        message.write(new byte[]{0, 0, 1, 0, 1});
        socket.send(new DatagramPacket(message.toByteArray(), message.size(), LookingUp.addressOf(server)));
    }

    @Test
    void clientsInAJvmFindAllNames() throws IOException {
        List<Function<InetSocketAddress, NameClient>> clients = List.of(
                NettyNames::onNio, NettyNames::onEpoll, HeddleNames::new);
        try (ServerProcess server = LookingUp.server(LookingUp.LOOPBACK, 0, PERCENT)) {
            for (int i = 0; i < clients.size(); i++) {
                try (NameClient client = clients.get(i).apply(LookingUp.addressOf(server))) {
                    var answered = client.ask(new Names(Names.WARM, i, NAMES));
                    assertTrue(answered.mostNanos() > 0 && answered.mostNanos() <= answered.nanos(),
                            answered::toString);
                }
            }
        }
    }

    @Test
    void heddleAsksAgainWhereAQuestionIsLost() throws IOException {
        try (ServerProcess server = LookingUp.server(LookingUp.LOOPBACK, 0, PERCENT);
                var client = new HeddleNames(LookingUp.addressOf(server))) {
            assertTrue(client.ask(new Names(Names.LOSSY, 0, NAMES)).nanos() > 0);
        }
    }
}
