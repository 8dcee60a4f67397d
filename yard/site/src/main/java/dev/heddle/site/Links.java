package dev.heddle.site;

import java.util.List;
import java.util.regex.Pattern;

/** The links of a page. */
final class Links {

    private static final Pattern LINK = Pattern.compile("href=\"([^\"]*)\"");

    private Links() {}

    static List<String> of(String html) {
        return LINK.matcher(html).results().map(it -> it.group(1).replace("&amp;", "&")).toList();
    }
}
