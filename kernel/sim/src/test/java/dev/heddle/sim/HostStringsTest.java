package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.heddle.Heddle;
import dev.heddle.net.ResolveException;
import dev.heddle.net.Resolver;
import dev.heddle.net.ResolverOptions;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Random texts as hosts, as domains, and as names in answers, against a server that answers each question at once.
 * What they are is judged by a model of its own, and by the JDK's parser of addresses. Each is answered or refused
 * within one round: a text that runs into the limits is a fault.
 */
final class HostStringsTest {

    private static final int TEXTS = Integer.getInteger("heddle.hosts", 1_000);

    /** Less than the wait before a question is sent again. */
    private static final Duration ONE_ROUND = Duration.ofMillis(400);

    private static final InetAddress ANSWER = InetAddress.ofLiteral("192.0.2.1");

    private static final List<String> PIECES = List.of(
            "a", "Z", "x", "example", "corp", "local", "host", "1", "0", "12", "255", "256", "007", "0x7f", "fe80", ".",
            ".", ".", ".", ":", "::", "[", "]", "%", "lo", "nosuch", "\\", "\\046", "-", "_", "*", "@", "/", "#", " ",
            "\t", "\u0000", "\u007f", "^", "|", "~", "xn--", "xn--bcher-kva", "1.2.3.4", "127.0.0.1", "::1", "1:2:3",
            "x".repeat(60), "y".repeat(63), "z".repeat(200));

    private static final List<String> FOREIGN = List.of(
            "\u00fc", "\u00df", "\u200b", "\u200d", "\u3002", "\uff0e", "\uff11", "\uff0f", "\uff05", "\u202e",
            "\ud83e\udd84",
            "\ud800", "\u2764");

    private static final String LABEL = "[^\\x00-\\x20\\x7f#%/:<>?@\\[\\\\\\]^|.]{1,63}";
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}\\.?$)" + LABEL + "(\\." + LABEL + ")*\\.?");
    private static final Pattern NUMBER_AT_END = Pattern.compile("(^|.*\\.)([0-9]+|0[xX][0-9a-fA-F]*)\\.?");
    private static final String PART = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern FOUR = Pattern.compile(PART + "(\\." + PART + "){3}");

    private final SplittableRandom random = new SplittableRandom(Long.getLong("heddle.seed", 25));

    private String text(boolean foreign) {
        var text = new StringBuilder();
        for (int pieces = 1 + random.nextInt(7); pieces > 0; pieces--) {
            List<String> from = foreign && random.nextInt(3) == 0 ? FOREIGN : PIECES;
            text.append(from.get(random.nextInt(from.size())));
        }
        return text.toString();
    }

    private static boolean isAddress(String text) {
        if (text.indexOf(':') < 0) {
            return FOUR.matcher(text).matches();
        }
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String inner = bracketed ? text.substring(1, text.length() - 1) : text;
        if (inner.indexOf('[') >= 0 || inner.indexOf(']') >= 0) {
            return false;
        }
        try {
            InetAddress.ofLiteral(inner);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isName(String text) {
        return NAME.matcher(text).matches() && !NUMBER_AT_END.matcher(text).matches();
    }

    private interface Body {
        void run(ScriptedNameServer server, ResolverOptions options) throws Exception;
    }

    private static void with(Body body) {
        Sim.run(SimOptions.DEFAULT.withSeed(7), sim -> {
            try (ScriptedNameServer server = ScriptedNameServer.on(sim.network().host("ns"))) {
                server.script = HostStringsTest::answer;
                body.run(server, ResolverOptions.of(server.address()).withIpv6(false));
            }
        });
    }

    /** Whatever the name, it has an address. */
    private static void answer(ScriptedNameServer.Asked asked) {
        byte[] record = ScriptedNameServer.record(asked.name(), 1, 60, ANSWER.getAddress());
        ScriptedNameServer.reply(asked, 0, List.of(record), List.of());
    }

    private enum Fate { ANSWERED, REFUSED, FAILED }

    private static Fate fate(String what, Callable<List<InetAddress>> lookup) throws Exception {
        long begin = Heddle.currentLoop().nanoTime();
        Fate fate;
        try {
            fate = lookup.call().isEmpty() ? fail("no address of " + what) : Fate.ANSWERED;
        } catch (IllegalArgumentException e) {
            fate = Fate.REFUSED;
        } catch (ResolveException e) {
            fate = Fate.FAILED;
        }
        Duration took = Duration.ofNanos(Heddle.currentLoop().nanoTime() - begin);
        assertTrue(took.compareTo(ONE_ROUND) < 0, () -> what + " took " + took);
        return fate;
    }

    @Test
    void hostsAreAnsweredOrRefusedAsTheModelSaysWithinOneRound() {
        with((server, options) -> {
            Resolver resolver = Resolver.of(options);
            for (int i = 0; i < TEXTS; i++) {
                String host = text(false);
                server.asked.clear();
                resolver.forget();
                Fate fate = fate(shown(host), () -> resolver.resolve(host));
                boolean neverAsked = host.matches("(?i)(.*\\.)?(localhost|onion|invalid)\\.?");
                if (isAddress(host)) {
                    assertEquals(Fate.ANSWERED, fate, shown(host));
                } else if (isName(host)) {
                    assertEquals(Fate.ANSWERED, fate, shown(host));
                } else {
                    assertEquals(Fate.REFUSED, fate, shown(host));
                }
                assertEquals(isName(host) && !neverAsked ? 1 : 0, server.asked.size(), shown(host));
            }
        });
    }

    @Test
    void internationalHostsAreAnsweredOrRefusedWithinOneRoundAndAskedForInAsciiOnly() {
        with((server, options) -> {
            Resolver resolver = Resolver.of(options);
            for (int i = 0; i < TEXTS; i++) {
                String host = text(true);
                server.asked.clear();
                fate(shown(host), () -> resolver.resolve(host));
                for (String asked : server.asked) {
                    assertTrue(isName(asked.substring("A of ".length())), () -> shown(host) + " became " + asked);
                }
            }
        });
    }

    @Test
    void domainsAndOwnNamesAreUsedOrRefusedNeverDropped() {
        with((server, options) -> {
            for (int i = 0; i < TEXTS / 10; i++) {
                String text = text(random.nextBoolean());
                fate("the domain " + shown(text), () -> {
                    Resolver resolver = Resolver.of(options.withSearch(List.of(text), 5));
                    server.asked.clear();
                    List<InetAddress> found = resolver.resolve("db");
                    String asked = server.asked.getFirst();
                    boolean tooLong = resolver.options().search().getFirst().length() > 250;
                    assertTrue(tooLong || asked.startsWith("A of db."), () -> shown(text) + " was dropped");
                    return found;
                });
                fate("the own name " + shown(text), () -> {
                    Resolver resolver = Resolver.of(options.withHosts(Map.of(text, List.of(ANSWER))));
                    server.asked.clear();
                    List<InetAddress> found = resolver.resolve(text);
                    assertEquals(List.of(), server.asked, () -> shown(text) + " did not match itself");
                    return found;
                });
            }
        });
    }

    @Test
    void namesInAnswersLeadOnOrEndTheLookupWithinOneRound() {
        with((server, options) -> {
            for (int i = 0; i < TEXTS / 10; i++) {
                byte[] target = labels();
                server.script = asked -> {
                    if (asked.name().equals("alias.example")) {
                        byte[] alias = ScriptedNameServer.record(
                                "alias.example", ScriptedNameServer.CNAME, 60, target);
                        ScriptedNameServer.reply(asked, 0, List.of(alias), List.of());
                    } else {
                        answer(asked);
                    }
                };
                fate("an alias", () -> Resolver.of(options).resolve("alias.example"));
            }
        });
    }

    /** A name of any bytes. */
    private byte[] labels() {
        var out = new ByteArrayOutputStream();
        for (int labels = 1 + random.nextInt(3); labels > 0; labels--) {
            var label = new byte[1 + random.nextInt(8)];
            for (int i = 0; i < label.length; i++) {
                label[i] = (byte) (random.nextInt(3) == 0
                        ? random.nextInt(256)
                        : "abcXYZ.\\-_09".charAt(random.nextInt(12)));
            }
            out.write(label.length);
            out.writeBytes(label);
        }
        out.write(0);
        return out.toByteArray();
    }

    private static String shown(String text) {
        var shown = new StringBuilder();
        text.chars().forEach(c -> shown.append(c >= ' ' && c < 0x7f ? "" + (char) c : String.format("\\u%04x", c)));
        return shown.toString();
    }
}
