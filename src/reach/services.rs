//! Calls that hand a role to a service and have it run what the caller wants: a table, since each service has its own.

/// A way to have a service act with a role.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handing {
    /// The service that takes the role up.
    pub(super) service: &'static str,
    /// The call that hands the role over.
    pub(super) action: &'static str,
    /// What receives it; `PARTITION` and `ACCOUNT` are filled in.
    pub(super) resource: &'static str,
    /// Whether the role comes by itself or in an instance profile.
    pub(super) through: Through,
    /// The calls behind it that have the service run what the caller wants, each with its resource.
    pub(super) then: &'static [(&'static str, &'static str)],
}

/// How a role is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// By its ARN.
    Role,
    /// In an instance profile that has it already.
    InstanceProfile,
}

const FUNCTION: &str = "arn:PARTITION:lambda:us-east-1:ACCOUNT:function:iamproof";
const BUILD: &str = "arn:PARTITION:codebuild:us-east-1:ACCOUNT:project/iamproof";
const NOTEBOOK: &str = "arn:PARTITION:sagemaker:us-east-1:ACCOUNT:notebook-instance/iamproof";
const PIPELINE: &str = "arn:PARTITION:datapipeline:us-east-1:ACCOUNT:pipeline/df-iamproof";
const TASK: &str = "arn:PARTITION:ecs:us-east-1:ACCOUNT:task-definition/iamproof:1";

/// The table. A call that needs more than one resource is asked for on the one that receives the role.
pub(super) const HANDINGS: &[Handing] = &[
    Handing {
        service: "lambda.amazonaws.com",
        action: "lambda:CreateFunction",
        resource: FUNCTION,
        through: Through::Role,
        then: &[("lambda:InvokeFunction", FUNCTION)],
    },
    Handing {
        service: "lambda.amazonaws.com",
        action: "lambda:CreateFunction",
        resource: FUNCTION,
        through: Through::Role,
        then: &[("lambda:CreateEventSourceMapping", "*")],
    },
    Handing {
        service: "ec2.amazonaws.com",
        action: "ec2:RunInstances",
        resource: "arn:PARTITION:ec2:us-east-1:ACCOUNT:instance/i-0123456789abcdef0",
        through: Through::InstanceProfile,
        then: &[],
    },
    Handing {
        service: "cloudformation.amazonaws.com",
        action: "cloudformation:CreateStack",
        resource: "arn:PARTITION:cloudformation:us-east-1:ACCOUNT:stack/iamproof/1",
        through: Through::Role,
        then: &[],
    },
    Handing {
        service: "glue.amazonaws.com",
        action: "glue:CreateDevEndpoint",
        resource: "arn:PARTITION:glue:us-east-1:ACCOUNT:devEndpoint/iamproof",
        through: Through::Role,
        then: &[],
    },
    Handing {
        service: "codebuild.amazonaws.com",
        action: "codebuild:CreateProject",
        resource: BUILD,
        through: Through::Role,
        then: &[("codebuild:StartBuild", BUILD)],
    },
    Handing {
        service: "sagemaker.amazonaws.com",
        action: "sagemaker:CreateNotebookInstance",
        resource: NOTEBOOK,
        through: Through::Role,
        then: &[("sagemaker:CreatePresignedNotebookInstanceUrl", NOTEBOOK)],
    },
    Handing {
        service: "sagemaker.amazonaws.com",
        action: "sagemaker:CreateTrainingJob",
        resource: "arn:PARTITION:sagemaker:us-east-1:ACCOUNT:training-job/iamproof",
        through: Through::Role,
        then: &[],
    },
    Handing {
        service: "sagemaker.amazonaws.com",
        action: "sagemaker:CreateProcessingJob",
        resource: "arn:PARTITION:sagemaker:us-east-1:ACCOUNT:processing-job/iamproof",
        through: Through::Role,
        then: &[],
    },
    Handing {
        service: "datapipeline.amazonaws.com",
        action: "datapipeline:CreatePipeline",
        resource: PIPELINE,
        through: Through::Role,
        then: &[("datapipeline:PutPipelineDefinition", PIPELINE)],
    },
    Handing {
        service: "ecs-tasks.amazonaws.com",
        action: "ecs:RegisterTaskDefinition",
        resource: TASK,
        through: Through::Role,
        then: &[("ecs:RunTask", TASK)],
    },
];

/// Fills in a resource of the table.
pub(super) fn filled(resource: &str, partition: &str, account: &str) -> String {
    resource.replace("PARTITION", partition).replace("ACCOUNT", account)
}
