package dev.heddle.site;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The frame around each page: head, menu, search, the way to the page before and the one after. */
final class Template {

    private static final int MIN_PARTS = 3;

    /** The words of the frame. */
    private static final Map<String, String> IN_CHINESE = Map.of(
            ">To the text<", ">跳到正文<",
            "\"Menu\"", "\"菜单\"",
            "\"All pages\"", "\"所有页面\"",
            "\"Search\"", "\"搜索\"",
            "\"Search ( / )\"", "\"搜索（按 /）\"",
            "\"Found\"", "\"搜索结果\"",
            "\"Light or dark\"", "\"浅色或深色\"");

    private final String frame = Site.resource("page.html");
    private final String chineseFrame = inChinese(frame);
    private final List<Page> inMenu;
    private final Map<String, Page> byAddress;

    Template(List<Page> pages) {
        inMenu = pages.stream().filter(page -> !page.group().isEmpty()).toList();
        byAddress = pages.stream().collect(Collectors.toMap(Page::address, page -> page));
    }

    String page(Page page) {
        return (page.chinese() ? chineseFrame : frame)
                .replace("{language}", page.chinese() ? "zh-CN" : "en")
                .replace("{other-language}", otherLanguage(page))
                .replace("{title}", Html.escape(page.title()))
                .replace("{root}", page.linkTo(""))
                .replace("{menu}", menu(page))
                .replace("{neighbours}", neighbours(page))
                .replace("{content}", withOutline(page));
    }

    private static String inChinese(String frame) {
        String chinese = frame;
        for (Map.Entry<String, String> word : IN_CHINESE.entrySet()) {
            chinese = chinese.replace(word.getKey(), word.getValue());
        }
        return chinese;
    }

    private String otherLanguage(Page page) {
        Page other = byAddress.get(page.inOtherLanguage());
        if (other == null) {
            return "";
        }
        String language = other.chinese() ? "zh-CN" : "en";
        return "<a class=\"language\" rel=\"alternate\" lang=\"" + language + "\" hreflang=\"" + language + "\" href=\""
                + page.linkTo(other.address()) + "\">" + (other.chinese() ? "中文" : "English") + "</a>";
    }

    /** The page with a list of its parts under its first heading, if there are several. */
    private static String withOutline(Page page) {
        List<Page.Section> parts = page.sections().stream().filter(part -> part.level() == 2).toList();
        int at = page.html().indexOf("</h1>");
        if (parts.size() < MIN_PARTS || at < 0) {
            return page.html();
        }
        StringBuilder html = new StringBuilder(page.html().substring(0, at + 5));
        html.append("""

                <nav class="outline" aria-label="%1$s"><details><summary>%1$s</summary>
                <ul>
                """.formatted(page.chinese() ? "本页内容" : "On this page"));
        parts.forEach(part -> html.append("<li><a href=\"#").append(part.anchor()).append("\">")
                .append(Html.escape(part.heading())).append("</a></li>\n"));
        return html.append("</ul></details></nav>").append(page.html().substring(at + 5)).toString();
    }

    private String menu(Page here) {
        StringBuilder menu = new StringBuilder();
        String group = "";
        Stream<Page> pages = Stream.concat(inMenu(here.chinese()).stream(), inMenu(!here.chinese()).stream());
        for (Page page : pages.toList()) {
            if (!page.group().equals(group)) {
                menu.append(group.isEmpty() ? "" : "</ul>\n");
                group = page.group();
                menu.append("<h2>").append(Html.escape(group)).append("</h2>\n<ul>\n");
            }
            String current = page.address().equals(here.address()) ? " aria-current=\"page\"" : "";
            menu.append("<li>").append(link(here, page, current)).append("</li>\n");
        }
        return menu.append("</ul>\n").toString();
    }

    private List<Page> inMenu(boolean chinese) {
        return inMenu.stream().filter(page -> page.chinese() == chinese).toList();
    }

    private String neighbours(Page here) {
        List<Page> inMenu = inMenu(here.chinese());
        int at = inMenu.indexOf(here);
        if (at < 0) {
            return "";
        }
        String before = at == 0 ? "<span></span>" : link(here, inMenu.get(at - 1), " rel=\"prev\"");
        String after = at == inMenu.size() - 1 ? "<span></span>" : link(here, inMenu.get(at + 1), " rel=\"next\"");
        return before + after;
    }

    private static String link(Page here, Page target, String more) {
        return "<a href=\"" + here.linkTo(target.address()) + "\"" + more + ">" + Html.escape(target.title()) + "</a>";
    }
}
