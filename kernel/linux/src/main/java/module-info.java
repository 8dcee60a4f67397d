/** Engines for Linux over the FFM API: epoll and io_uring. */
module dev.heddle.linux {
    requires static org.jspecify;
    requires dev.heddle.core;
    requires jdk.net;

    exports dev.heddle.linux;

    provides dev.heddle.engine.EngineProvider with
            dev.heddle.linux.EpollProvider,
            dev.heddle.linux.UringProvider;
    provides dev.heddle.internal.PageCaches with
            dev.heddle.linux.internal.LinuxPageCaches;
    provides dev.heddle.internal.UnixDatagrams with
            dev.heddle.linux.internal.DatagramSender;
}
