package dev.heddle.site;

import java.util.List;

/**
 * A page as it will be.
 *
 * @param address where it lies in the site, with slashes: {@code guide/02-tasks.html}
 * @param group the heading that it stands under in the menu
 * @param title its first heading
 * @param html what stands between the menu and the foot
 * @param sections what the search finds in it
 */
record Page(String address, String group, String title, String html, List<Section> sections) {

    /** The folder of the pages in Chinese; each has the address that its original has in the site. */
    static final String CHINESE = "zh/";

    /**
     * A part of a page under one heading.
     *
     * @param anchor its place in the page, empty for the beginning
     * @param level 1 for the page's own heading, 2 for those below it, and so on
     */
    record Section(String anchor, int level, String heading, String text) {}

    /** Whether its text is Chinese. */
    boolean chinese() {
        return address.startsWith(CHINESE);
    }

    /** Where this page lies in the other language, if it is there. */
    String inOtherLanguage() {
        return chinese() ? address.substring(CHINESE.length()) : CHINESE + address;
    }

    /** The way from this page to another place of the site. */
    String linkTo(String target) {
        return "../".repeat((int) address.chars().filter(c -> c == '/').count()) + target;
    }
}
