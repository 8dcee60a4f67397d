package dev.heddle.cli.node;

import dev.heddle.cli.command.Command;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.UsageException;
import java.util.List;

/** The command {@code heddle node}: a node of a cluster. */
public final class NodeCommand extends Command {

    public NodeCommand() {
        super("node", "run a node of a cluster, which works for the others", """
                Usage: heddle node init DIR NAME=HOST:PORT... [OPTION...]
                       heddle node renew DIR [NAME...] [--days N]
                       heddle node --embedded DIR [OPTION...] [--program CLASS...]
                       heddle node --join STORE --keys DIR [OPTION...] [--program CLASS...]
                       heddle node class-path

                Starts a worker node of a cluster. It runs bodies from pools of other nodes, in child processes. When
                it is stopped, it takes no more, finishes those it has, and leaves.

                init makes a directory for each node, with a key, a certificate and the addresses of the others. Run
                it again with other names to add nodes. The authority in DIR signs the certificates; any node with
                one is admitted, and may run code on all nodes. HOST is where the others reach a node, PORT the
                first of three.

                renew makes new certificates, for all nodes or those named. Copy each over its node's, which loads
                it while it runs. A node warns daily when its own has less than 30 days left.

                With --embedded the nodes run ZooKeeper servers of their own. The first five vote, and a majority
                must run. With --join they use an existing store. All nodes need the same class path; class-path
                prints that of this command, to compile programs with.

                      --embedded DIR     the node's directory; its server runs in this process
                      --join STORE       the store: zk1:2181,zk2:2181 are servers of ZooKeeper,
                                         https://etcd1:2379,https://etcd2:2379 of etcd;
                                         postgres://USER@HOST/DATABASE, with ?schema=NAME and the driver's
                                         parameters, or its jdbc:postgresql: URL; sqlite:PATH is a file on this
                                         machine
                      --keys DIR         the node's directory, with --join
                      --cluster NAME     the cluster's name, checked against that of DIR (init: the name to set,
                                         by default that of DIR)
                      --user NAME        the user of the store; HEDDLE_STORE_PASSWORD in the environment has the
                                         password
                      --pass-file FILE   the password is the first line of this file
                      --trust FILE       the certificate authorities of the store's servers, in PEM (default: those
                                         of this machine; for ZooKeeper always needed with TLS)
                      --cert FILE        the client certificate for the store, in PEM, with its chain
                      --key FILE         its key, unless the same file has it (for ZooKeeper it must)
                  -l, --labels LIST      the node's labels, NAME=VALUE with commas: pools select nodes by them
                  -w, --workers N        how many processes run bodies (default: one for each processor)
                      --class-path PATH  the classes of the bodies, after Heddle's own
                      --program CLASS    run this dev.heddle.cluster.NodeProgram in the node, with the ARGs after it;
                                         when it ends, the node leaves
                      --any-program      join even if other nodes have other class paths; nodes with equal ones run
                                         bodies for each other
                      --drain TIME       how long bodies of others may run on when it leaves (default 30s)
                      --days N           how long a certificate of init or renew is valid (default 365)
                      --replace NAME     init: the new node replaces one whose machine or data are lost, and its
                                         vote: when it starts, the others remove the lost one
                      --help             print this

                Exit: 0 when the program has ended, 130 after Ctrl-C, 143 after SIGTERM; 1 if it is not admitted or
                cannot listen, 2 for wrong usage.
                """);
    }

    @Override
    public int run(List<String> arguments, CommandStreams stdio) throws Exception {
        if (arguments.isEmpty()) {
            throw new UsageException("it needs --embedded DIR, or --join STORE and --keys DIR");
        }
        return ClusterAccess.told(() -> {
            switch (arguments.getFirst()) {
                case "init" -> NodeInit.init(arguments.subList(1, arguments.size()), stdio);
                case "renew" -> NodeInit.renew(arguments.subList(1, arguments.size()), stdio);
                case "class-path" -> stdio.result(System.getProperty("java.class.path", "") + "\n");
                default -> new NodeRun(NodeArguments.parse(arguments), stdio).untilEnd();
            }
            return Exit.FINE;
        });
    }
}
