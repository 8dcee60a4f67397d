package dev.heddle.cli.demo;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;

import dev.heddle.CancelledException;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.fetch.FetchOutcome;
import dev.heddle.cli.fetch.Tally;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.sync.WorkQueue;
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
    private final int concurrency;
    private final Tally tally;
    private final Set<URI> known = new HashSet<>();
    private final WorkQueue<URI> found = WorkQueue.fifo(Integer.MAX_VALUE);
    private int running;
    private long links;

    /** @param concurrency most pages at a time */
    Crawl(HttpClient http, int concurrency, Tally tally) {
        this.http = http;
        this.concurrency = concurrency;
        this.tally = tally;
    }

    /** Fetches the page and all that can be reached from it on the same site. Returns when there is nothing left. */
    void from(URI first) {
        group(crawl -> {
            visit(first);
            for (int i = 0; i < concurrency; i++) {
                crawl.spawn("crawl", this::readPages);
            }
            found.awaitAllDone();
            found.close();
        });
    }

    /** How many links the pages had. */
    long links() {
        return links;
    }

    /** The pages that are being fetched now. */
    int running() {
        return running;
    }

    private void visit(URI page) {
        if (known.add(page)) {
            tally.begin();
            found.put(page);
        }
    }

    private void readPages() {
        for (URI page : found) {
            running++;
            read(page);
            running--;
            found.taskDone();
        }
    }

    private void read(URI page) {
        long start = currentLoop().nanoTime();
        int status = 0;
        long bytes = 0;
        String error = null;
        try (Reply reply = http.get(page.toString())) {
            status = reply.status();
            String text = reply.text();
            bytes = text.length();
            follow(page, text);
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            error = ErrorText.of(e);
        }
        long nanos = currentLoop().nanoTime() - start;
        tally.add(new FetchOutcome(0, page.toString(), status, bytes, nanos, error, null));
    }

    private void follow(URI page, String text) {
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            links++;
            URI target = page.resolve(matcher.group(1));
            if (page.getRawAuthority().equals(target.getRawAuthority())) {
                visit(target);
            }
        }
    }
}
