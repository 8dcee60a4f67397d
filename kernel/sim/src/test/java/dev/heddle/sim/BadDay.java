package dev.heddle.sim;

import dev.heddle.Heddle;
import dev.heddle.sim.ScriptedNameServer.Asked;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** The bad day of a name server: it drops, delays, doubles, cuts, lies and talks nonsense, by the engine's draw. */
final class BadDay {

    private static final byte[] LIE = ScriptedNameServer.record("h0.example", 1, 60, new byte[]{6, 6, 6, 6});

    private BadDay() {}

    /** The true address of the name with a number. */
    static InetAddress addressOf(int number) {
        return InetAddress.ofLiteral("10.7." + number / 250 + "." + (number % 250 + 1));
    }

    static void make(ScriptedNameServer server) {
        server.script = asked -> {
            if (asked.tcp()) {
                server.answer(asked);
                return;
            }
            switch (Math.floorMod(Heddle.currentLoop().engine().random(), 20)) {
                case 0, 1 -> {} // drops
                case 2, 3 -> Heddle.spawn("slow answer", () -> {
                    Heddle.sleep(Duration.ofMillis(700));
                    server.answer(asked);
                });
                case 4 -> lie(asked, asked.id() + 1);
                case 5 -> nonsense(asked);
                case 6 -> ScriptedNameServer.reply(asked, ScriptedNameServer.TRUNCATED, List.of(), List.of());
                case 7 -> ScriptedNameServer.reply(asked, 2, List.of(), List.of());
                case 8 -> {
                    lie(asked, asked.id() ^ 0x5555);
                    nonsense(asked);
                    server.answer(asked);
                    server.answer(asked);
                }
                default -> server.answer(asked);
            }
        };
    }

    private static void lie(Asked asked, int id) {
        asked.back().accept(ScriptedNameServer.message(id & 0xFFFF, asked.question(), 0, List.of(LIE), List.of()));
    }

    private static void nonsense(Asked asked) {
        long random = Heddle.currentLoop().engine().random();
        asked.back().accept(ByteBuffer.allocate(20).putShort((short) asked.id()).putLong(random).array());
    }
}
