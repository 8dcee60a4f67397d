/** The page about a running program, for a server of its own. */
@SuppressWarnings("module") // the command is not known here
module dev.heddle.observe.page {
    requires transitive dev.heddle.http;
    requires dev.heddle.observe;
    requires static org.jspecify;

    exports dev.heddle.observe.page;
    exports dev.heddle.observe.page.internal to
            dev.heddle.cli;
}
