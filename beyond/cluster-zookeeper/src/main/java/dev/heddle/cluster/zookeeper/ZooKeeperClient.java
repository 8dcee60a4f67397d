package dev.heddle.cluster.zookeeper;

import java.io.IOException;
import java.util.List;
import org.apache.zookeeper.AsyncCallback.Children2Callback;
import org.apache.zookeeper.AsyncCallback.MultiCallback;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;

/**
 * ZooKeeper's client, with the number of the transaction that each answer carries in its header and the public methods
 * leave out: the stamp of a commit, and that of a listing.
 *
 * <p>What is asked is answered in this order, on the thread for events. Paths are those of the server.
 */
@SuppressWarnings("try") // ZooKeeper's close() may be interrupted
final class ZooKeeperClient extends ZooKeeper {

    ZooKeeperClient(String servers, int timeoutMillis, Watcher watcher, ZKClientConfig config) throws IOException {
        super(servers, timeoutMillis, watcher, config);
    }

    /** An answer: either the results or an error. */
    interface Answer<T> {

        /**
         * Is called on the thread for events and must not wait.
         *
         * @param stamp the server's last transaction, or that of the commit
         * @param result of an error nothing that counts
         */
        void got(Code error, long stamp, List<T> result);
    }

    /** Does all of it or nothing. The results of what was refused tell which operation it was. */
    void commit(Iterable<org.apache.zookeeper.Op> ops, Answer<OpResult> answer) {
        ReplyHeader reply = new ReplyHeader();
        MultiCallback callback = (error, _, _, results) -> answer.got(codeOf(error), reply.getZxid(),
                results == null ? List.of() : results);
        cnxn.queuePacket(
                new RequestHeader(0, OpCode.multi),
                reply,
                new MultiOperationRecord(ops),
                new MultiResponse(),
                callback,
                null,
                null,
                null,
                null);
    }

    /** The names of a node's children. */
    void children(String path, Answer<String> answer) {
        ReplyHeader reply = new ReplyHeader();
        Children2Callback callback = (error, _, _, names, _) -> answer.got(codeOf(error), reply.getZxid(),
                names == null ? List.of() : names);
        cnxn.queuePacket(
                new RequestHeader(0, OpCode.getChildren2),
                reply,
                new GetChildren2Request(path, false),
                new GetChildren2Response(),
                callback,
                path,
                path,
                null,
                null);
    }

    /** The error of a number; what this client has never heard of is a fault of the server. */
    static Code codeOf(int error) {
        try {
            return Code.get(error);
        } catch (IllegalArgumentException _) {
            return Code.SYSTEMERROR;
        }
    }
}
