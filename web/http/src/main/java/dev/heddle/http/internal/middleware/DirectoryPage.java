package dev.heddle.http.internal.middleware;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The page that lists a directory. Every name is escaped twice over: for the URL it links to and for the page. */
public final class DirectoryPage {

    private static final String UNRESERVED = "-._~";

    private DirectoryPage() {}

    /**
     * The page of a directory.
     *
     * @param names those of directories end in a slash
     * @param isCut whether there are more
     */
    public static String of(String path, List<String> names, boolean isCut) {
        var page = new StringBuilder("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>")
                .append(html(path))
                .append("</title></head>\n<body><h1>")
                .append(html(path))
                .append("</h1>\n<ul>\n");
        for (String name : names) {
            // Beginning with a dot and a slash, no name is taken for a scheme.
            page.append("<li><a href=\"./").append(url(name)).append("\">").append(html(name)).append("</a></li>\n");
        }
        if (isCut) {
            page.append("<li>and more</li>\n");
        }
        return page.append("</ul></body></html>\n").toString();
    }

    private static String html(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
        return escaped.toString();
    }

    /** Percent-encodes all but the unreserved characters; a slash at the end stays. */
    private static String url(String name) {
        var encoded = new StringBuilder(name.length() + 16);
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0 || c == '/')) {
                encoded.append(c);
            } else {
                encoded.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return encoded.toString();
    }
}
