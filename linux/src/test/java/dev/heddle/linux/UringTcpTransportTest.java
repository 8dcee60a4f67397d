package dev.heddle.linux;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.net.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.net.TransportContract;

final class UringTcpTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(UringEngine::new), body);
    }

    @Override
    protected Ends connect() {
        try (Listener listener = Tcp.listen(0)) {
            ByteStream left = Tcp.connect("127.0.0.1", listener.port());
            return new Ends(left.transport(), listener.accept().transport());
        }
    }
}
