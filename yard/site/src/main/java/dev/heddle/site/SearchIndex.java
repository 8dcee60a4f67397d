package dev.heddle.site;

import java.util.List;

/** The index that the search looks through, as a script, since a page that was opened from a file may not read others. */
final class SearchIndex {

    private SearchIndex() {}

    /** One row for each heading: address with anchor, title of the page, heading, text. */
    static String script(List<Page> pages) {
        StringBuilder script = new StringBuilder("window.heddleSections = [\n");
        for (Page page : pages) {
            for (Page.Section section : page.sections()) {
                String anchor = section.anchor().isEmpty() ? "" : "#" + section.anchor();
                script.append('[');
                string(script, page.address() + anchor);
                script.append(',');
                string(script, page.title());
                script.append(',');
                string(script, section.heading());
                script.append(',');
                string(script, section.text());
                script.append("],\n");
            }
        }
        return script.append("];\n").toString();
    }

    private static void string(StringBuilder script, String text) {
        script.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> script.append('\\').append(c);
                case '\n' -> script.append("\\n");
                default -> {
                    if (c < ' ' || c == '\u2028' || c == '\u2029') {
                        script.append(String.format("\\u%04x", (int) c));
                    } else {
                        script.append(c);
                    }
                }
            }
        }
        script.append('"');
    }
}
