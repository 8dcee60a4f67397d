package dev.heddle.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A document as a page: CommonMark with GitHub's tables, by commonmark-java. Headings get the anchors that GitHub gives
 * them, Java is coloured, wide tables scroll by themselves, HTML in the source is shown as text. Pictures stand in the
 * page itself, so that they have its colours, and their words can be found.
 */
final class Markdown {

    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

    private final Node document;
    private final UnaryOperator<String> picture;
    private final Map<Heading, String> anchors = new HashMap<>();
    private final List<Page.Section> sections = new ArrayList<>();
    private String title = "";

    /**
     * Reads a document.
     *
     * @param link makes the address of a link in the page from that in the document
     * @param picture gives the SVG of a drawing from its address in the document, or a URL with a picture
     */
    Markdown(String text, UnaryOperator<String> link, UnaryOperator<String> picture) {
        this.picture = picture;
        document = PARSER.parse(text);
        document.accept(new AbstractVisitor() {

            @Override
            public void visit(Link node) {
                node.setDestination(link.apply(node.getDestination()));
                visitChildren(node);
            }
        });
        document.accept(new Outline());
    }

    /** The first heading. */
    String title() {
        return title;
    }

    List<Page.Section> sections() {
        return List.copyOf(sections);
    }

    String html() {
        return HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .escapeHtml(true)
                .sanitizeUrls(true)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (anchors.containsKey(node)) {
                        attributes.put("id", anchors.get(node));
                    }
                    if (node instanceof TableCell cell && !cell.isHeader()) {
                        attributes.put("data-head", head(cell));
                    }
                })
                .nodeRendererFactory(CodeRenderer::new)
                .nodeRendererFactory(context -> new PictureRenderer(context, picture))
                .build()
                .render(document)
                .replace("<table>", "<div class=\"table\"><table>")
                .replace("</table>", "</table></div>");
    }

    /** The words above a cell; where there is no room for columns they stand in front of it. */
    private static String head(TableCell cell) {
        Node head = cell.getParent().getParent().getParent().getFirstChild().getFirstChild().getFirstChild();
        for (Node left = cell.getPrevious(); left != null && head != null; left = left.getPrevious()) {
            head = head.getNext();
        }
        return head == null ? "" : Words.of(head);
    }

    /** Finds the headings, and what stands under each. */
    private final class Outline extends AbstractVisitor {

        private final Map<String, Integer> used = new HashMap<>();

        @Override
        public void visit(Heading heading) {
            String words = Words.of(heading);
            if (title.isEmpty()) {
                title = words;
            }
            String anchor = anchor(words);
            anchors.put(heading, anchor);
            sections.add(new Page.Section(anchor, heading.getLevel(), words, under(heading)));
        }

        private String anchor(String words) {
            String plain = words.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
            int before = used.merge(plain, 1, Integer::sum) - 1;
            return before == 0 ? plain : plain + "-" + before;
        }

        private static String under(Heading heading) {
            StringBuilder text = new StringBuilder();
            for (Node node = heading.getNext(); node != null && !(node instanceof Heading); node = node.getNext()) {
                text.append(Words.of(node)).append(' ');
            }
            return text.toString().strip();
        }
    }

    /** The words of a node without their looks. */
    private static final class Words extends AbstractVisitor {

        private final StringBuilder words = new StringBuilder();

        static String of(Node node) {
            Words visitor = new Words();
            node.accept(visitor);
            return visitor.words.toString().replaceAll("\\s+", " ").strip();
        }

        @Override
        public void visit(Text text) {
            words.append(text.getLiteral());
        }

        @Override
        public void visit(Code code) {
            words.append(code.getLiteral());
        }

        @Override
        public void visit(FencedCodeBlock code) {
            words.append(code.getLiteral()).append(' ');
        }

        @Override
        public void visit(IndentedCodeBlock code) {
            words.append(code.getLiteral()).append(' ');
        }

        @Override
        public void visit(SoftLineBreak node) {
            words.append(' ');
        }

        @Override
        public void visit(HardLineBreak node) {
            words.append(' ');
        }

        @Override
        protected void visitChildren(Node parent) {
            super.visitChildren(parent);
            if (!(parent instanceof Heading) && parent.getParent() != null && isBlock(parent)) {
                words.append(' ');
            }
        }

        private static boolean isBlock(Node node) {
            return node instanceof org.commonmark.node.Block || node instanceof TableBlock
                    || node.getClass().getSimpleName().startsWith("Table");
        }
    }

    /** Code blocks; Java is coloured, and its imports are folded. */
    private record CodeRenderer(HtmlNodeRendererContext context) implements NodeRenderer {

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(FencedCodeBlock.class);
        }

        @Override
        public void render(Node node) {
            FencedCodeBlock block = (FencedCodeBlock) node;
            String language = block.getInfo() == null ? "" : block.getInfo();
            var writer = context.getWriter();
            writer.line();
            writer.raw(language.equals("java")
                    ? java(block.getLiteral())
                    : "<pre><code>" + Html.escape(block.getLiteral()) + "</code></pre>");
            writer.line();
        }

        /** The button of the page's script copies what is folded with the code, so the class is a word for it, too. */
        private static String java(String code) {
            int body = JavaCode.endOfImports(code);
            String html = body == code.length() ? "" : pre(code.substring(body));
            return body == 0
                    ? html
                    : "<details class=\"imports\"><summary><code>import …</code></summary>\n"
                            + pre(code.substring(0, body)) + "\n</details>\n" + html;
        }

        private static String pre(String code) {
            return "<pre class=\"java\"><code>" + JavaCode.html(code) + "</code></pre>";
        }
    }

    /** Images: drawings become a part of the page, pictures of screens an image in it. */
    private record PictureRenderer(HtmlNodeRendererContext context, UnaryOperator<String> picture)
            implements
                NodeRenderer {

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(Image.class);
        }

        @Override
        public void render(Node node) {
            String drawing = picture.apply(((Image) node).getDestination());
            if (drawing.startsWith("data:")) {
                var words = new StringBuilder();
                for (Node child = node.getFirstChild(); child instanceof Text text; child = child.getNext()) {
                    words.append(text.getLiteral());
                }
                // In an order that is the same in each build.
                Map<String, String> attributes = new TreeMap<>(
                        Map.of("alt", words.toString(), "class", "picture", "src", drawing));
                context.getWriter().tag("img", attributes, true);
            } else {
                context.getWriter().raw(drawing);
            }
        }
    }
}
