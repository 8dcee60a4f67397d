package dev.heddle.http.attack;

import dev.heddle.Heddle;
import dev.heddle.http.CorpusFile;
import dev.heddle.http.Wire;
import dev.heddle.http.server.Mutator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The differential run: it sends the corpus, and messages made from it by a seed, to Heddle and to other servers, and writes where they disagree
 * to {@code docs/reports/differential.md}.
 *
 * <p>Arguments: how many messages to make, and the seed.
 */
public final class Differential {

    static final String HEDDLE = "Heddle";

    private static final int AT_A_TIME = 24;

    private Differential() {}

    /**
     * A message and what each server made of it, Heddle first.
     *
     * @param name of its file, or its number
     * @param why what the corpus says about it; empty for one that was made
     * @param message as Latin-1
     */
    record Case(String name, String why, String message, Map<String, Asking.View> views) {

        Asking.View heddle() {
            return Objects.requireNonNull(views.get(HEDDLE));
        }

        Asking.Relation relation(String server) {
            return Objects.requireNonNull(views.get(server)).to(heddle());
        }
    }

    private record Message(String name, String why, String text) {}

    static void main(String... arguments) throws IOException, InterruptedException {
        int count = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        // What has another request behind it; the others need a silence or an end there.
        List<CorpusFile> corpus = CorpusFile.all("bad-requests").stream()
                .filter(file -> file.fact("behind", "next").equals("next"))
                .toList();
        var messages = new ArrayList<Message>();
        corpus.forEach(
                f -> messages.add(new Message(f.name().replace(".txt", ""), f.fact("why"), Wire.text(f.bytes()))));
        var mutator = new Mutator(corpus.stream().map(CorpusFile::bytes).toList(), seed);
        for (int i = 0; i < count; i++) {
            messages.add(new Message("made " + i, "", Wire.text(mutator.next())));
        }
        try (Garden garden = Garden.startAll()) {
            List<Case> cases = Heddle.run(() -> Heddle.map(messages, AT_A_TIME, message -> ask(garden, message)));
            Path report = Path.of("docs", "reports", "differential.md");
            new DifferentialReport(garden.versions(), cases, count, seed).write(report);
            System.out.println(cases.size() + " messages; see " + report.toAbsolutePath());
        }
    }

    private static Case ask(Garden garden, Message message) {
        var views = new LinkedHashMap<String, Asking.View>();
        var servers = List.copyOf(garden.ports().entrySet());
        List<Asking.View> all = Heddle.map(servers, servers.size(),
                s -> view(s.getKey(), s.getValue(), message.text()));
        for (int i = 0; i < all.size(); i++) {
            views.put(servers.get(i).getKey(), all.get(i));
        }
        return new Case(message.name(), message.why(), message.text(), views);
    }

    private static Asking.View view(String server, int port, String message) {
        return server.equals(Garden.HAPROXY_NAME) ? Asking.most(port, message) : Asking.view(port, message);
    }
}
