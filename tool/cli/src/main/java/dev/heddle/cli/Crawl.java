package dev.heddle.cli;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;

import dev.heddle.CancelledException;
import dev.heddle.TaskGroup;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A crawl of one site from its first page: follows the links, each page once.
 *
 * <p>Threads: one task runs it; all of it happens on that task's loop, so the set of known pages needs no lock.
 */
final class Crawl {

    private static final Pattern LINK = Pattern.compile("<a href=\"([^\"#]+)");

    private final HttpClient http;
    private final ConcurrencyGate gate;
    private final Tally tally;
    private final Set<URI> known = new HashSet<>();
    private long links;

    Crawl(HttpClient http, ConcurrencyGate gate, Tally tally) {
        this.http = http;
        this.gate = gate;
        this.tally = tally;
    }

    /** Fetches the page and all that can be reached from it on the same site. Returns when there is nothing left. */
    void from(URI first) {
        group(pages -> {
            visit(first, pages);
        });
    }

    /** How many links the pages had. */
    long links() {
        return links;
    }

    private void visit(URI page, TaskGroup pages) {
        if (!known.add(page)) {
            return;
        }
        tally.begin();
        String site = page.getRawAuthority();
        gate.submit(site, () -> pages.spawn("GET " + page, () -> {
            read(page, pages);
            gate.ended(site);
        }));
    }

    private void read(URI page, TaskGroup pages) {
        long start = currentLoop().nanoTime();
        int status = 0;
        long bytes = 0;
        String error = null;
        try (Reply reply = http.get(page.toString())) {
            status = reply.status();
            String text = reply.text();
            bytes = text.length();
            follow(page, text, pages);
        } catch (CancelledException e) {
            gate.stop();
            throw e;
        } catch (RuntimeException e) {
            error = ErrorText.of(e);
        }
        long nanos = currentLoop().nanoTime() - start;
        tally.add(new FetchOutcome(0, page.toString(), status, bytes, nanos, error, null));
    }

    private void follow(URI page, String text, TaskGroup pages) {
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            links++;
            URI target = page.resolve(matcher.group(1));
            if (page.getRawAuthority().equals(target.getRawAuthority())) {
                visit(target, pages);
            }
        }
    }
}
