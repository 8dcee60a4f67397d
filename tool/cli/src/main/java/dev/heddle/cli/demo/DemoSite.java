package dev.heddle.cli.demo;

import dev.heddle.http.StatusException;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.util.List;

/**
 * A made-up web site that needs no files: a tree of pages with links down, up and across, all the same in every run.
 *
 * <p>Threads: immutable.
 */
public final class DemoSite {

    /** Links from a page to pages below it. */
    private static final int BRANCHES = 8;

    private static final int MAX_PARAGRAPHS = 12;

    private static final List<String> WORDS = List.of(
            "warp", "weft", "loom", "shuttle", "thread", "heddle", "reed", "shed", "beam", "bobbin", "twill",
            "selvage");

    private final int pages;

    /**
     * @param pages how many, at least 1
     */
    public DemoSite(int pages) {
        this.pages = pages;
    }

    /** A server for the site, not started. */
    public HttpServer server() {
        return HttpServer.builder()
                .get("/", request -> Response.html(page(0)))
                .get("/page/{number}", this::answer)
                .build();
    }

    private Response answer(Request request) {
        int number;
        try {
            number = Integer.parseInt(request.path("number"));
        } catch (NumberFormatException e) {
            throw new StatusException(404, "no such page");
        }
        if (number < 0 || number >= pages) {
            throw new StatusException(404, "no such page");
        }
        return Response.html(page(number));
    }

    /** The page with this number, from 0, the top. */
    public String page(int number) {
        var html = new StringBuilder(4096);
        html.append("<!doctype html>\n<html lang=\"en\">\n<title>Page ").append(number).append("</title>\n<ul>\n");
        for (int branch = 1; branch <= BRANCHES; branch++) {
            link(html, (long) number * BRANCHES + branch);
        }
        link(html, (number - 1) / BRANCHES);
        link(html, (number * 31L + 7) % pages);
        link(html, (number * 127L + 3) % pages);
        html.append("</ul>\n");
        for (int paragraph = 0; paragraph <= number % MAX_PARAGRAPHS; paragraph++) {
            html.append("<p>");
            for (int word = 0; word < 40; word++) {
                html.append(WORDS.get((number + paragraph * 5 + word * 7) % WORDS.size())).append(' ');
            }
            html.append("</p>\n");
        }
        return html.append("</html>\n").toString();
    }

    private void link(StringBuilder html, long number) {
        if (number < pages) {
            html.append("<li><a href=\"/page/").append(number).append("\">").append(number).append("</a>\n");
        }
    }
}
