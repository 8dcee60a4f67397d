package dev.heddle.observe.page;

import dev.heddle.http.server.Routes;
import dev.heddle.observe.page.internal.Overview;
import dev.heddle.observe.page.internal.PageRoutes;
import dev.heddle.observe.page.internal.SocketSource;

/**
 * The page about this process, as {@code heddle page} shows it, for a server of the program's own.
 *
 * <pre>{@code
 * server.mount("/inside", Page.routes().use(onlyAdministrators));
 * }</pre>
 *
 * <p>Whoever may get it sees the names of tasks and routes, lines of code and addresses of peers, and may have the
 * program record itself for a while; nobody can change anything. So put middleware in front of it that asks who it is:
 * the page itself lets everybody in. It is not given to pages of other sites.
 *
 * <p>The process is asked by its own socket, as any tool asks it; where it has none, as with {@code
 * -Dheddle.observe=off}, the page says so. A daemon thread of its own looks once a second from when somebody opens the
 * page until ten minutes after the last look: nothing is kept before.
 */
public final class Page {

    private Page() {}

    /**
     * New routes of the page, below whose prefix all is that it loads. One call is enough for all servers and loops of
     * a process: each call's have ten minutes of their own.
     */
    public static Routes routes() {
        var source = new SocketSource(ProcessHandle.current().pid());
        return PageRoutes.of(source, Overview.whileLookedAt(source));
    }
}
