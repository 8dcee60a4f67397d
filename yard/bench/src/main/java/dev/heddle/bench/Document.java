package dev.heddle.bench;

/** A page of the documents that the benchmarks write in part: the text between two markers. */
final class Document {

    static final String FROM = "<!-- from here to the next marker: written by yard/bench/run --write -->\n";
    static final String TO = "<!-- written by hand from here -->\n";

    private Document() {}

    /**
     * The part between the markers.
     *
     * @throws IllegalArgumentException if the page has no markers
     */
    static String written(String page) {
        int from = page.indexOf(FROM) + FROM.length();
        int to = page.indexOf(TO);
        if (from < FROM.length() || to < from) {
            throw new IllegalArgumentException("the page lacks the markers " + FROM + TO);
        }
        return page.substring(from, to);
    }

    /**
     * The page with another text between its markers.
     *
     * @throws IllegalArgumentException if the page has no markers
     */
    static String with(String page, String text) {
        String old = written(page);
        int from = page.indexOf(FROM) + FROM.length();
        return page.substring(0, from) + "\n" + text + "\n" + page.substring(from + old.length());
    }
}
